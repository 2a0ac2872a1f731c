"""The post office: the inbox is the truth, web push lies under it. It never knows why."""

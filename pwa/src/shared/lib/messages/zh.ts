export default { 'a': 'a' }

/* The drawn set: 24 grid, one stroke. `f` marks the inner shape that is filled when the icon means "here". */
const phone =
  '<path class="f" d="M7 4.2h2.3c.4 0 .7.2.9.6l1.2 3.1c.1.4 0 .8-.3 1l-1.6 1.3a11.5 11.5 0 0 0 4.3 4.3l1.3-1.6c.2-.3.6-.4 1-.3l3.1 1.2c.4.2.6.5.6.9V17a2.8 2.8 0 0 1-3 2.8C9.8 19.3 4.7 14.2 4.2 7.2A2.8 2.8 0 0 1 7 4.2z"/>'
const round = '<circle cx="12" cy="12" r="8.2"/>'

export const icons = {
  alert: '<path d="M12 4.2l8.3 14.6a.8.8 0 0 1-.7 1.2H4.4a.8.8 0 0 1-.7-1.2z"/><path d="M12 10v4M12 17h.01"/>',
  back: '<path d="M14.5 5.8L8.3 12l6.2 6.2"/>',
  bag: '<path d="M5.6 8.5h12.8l1 10a2 2 0 0 1-2 2.2H6.6a2 2 0 0 1-2-2.2z"/><path d="M8.8 11V7a3.2 3.2 0 0 1 6.4 0v4"/>',
  bell: '<path class="f" d="M6 16.4V11a6 6 0 0 1 12 0v5.4l1.4 1.6H4.6z"/><path d="M10 20.6c1.2.7 2.8.7 4 0"/>',
  calendar: '<rect x="4" y="5" width="16" height="15.5" rx="4"/><path d="M4.2 10h15.6M8.5 3v3.4M15.5 3v3.4"/>',
  call: phone,
  chat: '<path d="M9.7 4.5c3.7 0 6.6 2.4 6.6 5.4s-2.9 5.4-6.6 5.4c-.7 0-1.4-.1-2-.3l-2.9 1.4.5-2.5a5 5 0 0 1-2.2-4c0-3 2.9-5.4 6.6-5.4z"/><path d="M18.6 11.2c1.5.9 2.4 2.3 2.4 3.9 0 1.3-.6 2.4-1.6 3.3l.4 2-2.4-1.1c-.6.2-1.2.2-1.8.2-2 0-3.7-.8-4.7-2"/>',
  check: '<path d="M5 12.6l4.6 4.6L19.2 7"/>',
  clock: `${round}<path d="M12 7.4V12l3.1 2"/>`,
  close: '<path d="M6.2 6.2l11.6 11.6M17.8 6.2L6.2 17.8"/>',
  copy: '<rect x="8.6" y="8.6" width="11.4" height="11.4" rx="3"/><path d="M15.4 5.2A2.4 2.4 0 0 0 13.3 4H7a3 3 0 0 0-3 3v6.3c0 .9.5 1.7 1.2 2.1"/>',
  customers:
    '<circle class="f" cx="9.3" cy="8.4" r="3.7"/><path class="f" d="M2.8 19.6c.5-3.6 3.1-5.8 6.5-5.8s6 2.2 6.5 5.8"/><path d="M15.6 5.1a3.5 3.5 0 0 1 0 6.5M18 14.3c1.9.8 3 2.6 3.3 5.3"/>',
  device: '<rect x="7" y="3" width="10" height="18" rx="2.6"/><path d="M11 17.8h2"/>',
  edit: '<path d="M4.5 19.5l.8-4L15.7 5.1a2 2 0 0 1 2.8 0l.4.4a2 2 0 0 1 0 2.8L8.5 18.7z"/><path d="M13.6 7.2l3.2 3.2"/>',
  eye: '<path d="M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12z"/><circle cx="12" cy="12" r="2.8"/>',
  inbox:
    '<path class="f" d="M12 4.2c4.9 0 8.5 3.1 8.5 7.2s-3.6 7.2-8.5 7.2c-.9 0-1.8-.1-2.6-.3l-3.9 1.9.5-3.4c-1.6-1.3-2.5-3.2-2.5-5.4 0-4.1 3.6-7.2 8.5-7.2z"/><path d="M8.6 11.4h.01M12 11.4h.01M15.4 11.4h.01" stroke-width="2.3"/>',
  info: `${round}<path d="M12 11v5M12 8h.01"/>`,
  me: '<circle class="f" cx="12" cy="8.2" r="4"/><path class="f" d="M4.6 20.2c.6-4 3.5-6.4 7.4-6.4s6.8 2.4 7.4 6.4"/>',
  next: '<path d="M5 12h13.5M13 6.5l5.5 5.5-5.5 5.5"/>',
  offline:
    '<path d="M4 9.5A12 12 0 0 1 8.3 7M20 9.5a12 12 0 0 0-9-3M7 13a7.6 7.6 0 0 1 3-1.7M17 13a7.6 7.6 0 0 0-2-1.3M10 16.3a3 3 0 0 1 3.2-.6M12 19.4h.01M4 4l16 16"/>',
  open: '<path d="M9.5 5.8l6.2 6.2-6.2 6.2"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  retry: '<path d="M19.6 9A8 8 0 0 0 5 8M4.4 15a8 8 0 0 0 14.6 1"/><path d="M4.6 4.4V8.2h3.8M19.4 19.6v-3.8h-3.8"/>',
  search: '<circle cx="10.8" cy="10.8" r="6.4"/><path d="M15.6 15.6l4.6 4.6"/>',
  today:
    '<rect class="f" x="4" y="5" width="16" height="15.5" rx="4.5"/><path d="M8.5 3v3.4M15.5 3v3.4M8.8 13.2l2.3 2.3 4.3-4.6"/>',
  upload:
    '<path d="M7.4 18.6a4.4 4.4 0 0 1-.6-8.7 5.6 5.6 0 0 1 10.8 1 3.9 3.9 0 0 1 .2 7.7"/><path d="M12 19.4v-7M9.2 14.8l2.8-2.8 2.8 2.8"/>',
} as const

export type IconName = keyof typeof icons

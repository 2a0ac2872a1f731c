// What need not wait for the app; an own file because the page's policy forbids inline scripts.
// The chosen theme, before the first paint.
try {
  var theme = localStorage.getItem('shuke.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch (_) {}
// A browser's first date costs as much as a screen: paid while the app is on its way.
setTimeout(function () {
  new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', weekday: 'short' }).format()
})

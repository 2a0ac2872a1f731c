// The chosen theme before the first paint; an own file because the page's policy forbids inline scripts.
try {
  var theme = localStorage.getItem('shuke.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch (_) {}

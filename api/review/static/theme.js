// Before the first paint, so that a dark surface never flashes light.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* private mode keeps nothing */ }

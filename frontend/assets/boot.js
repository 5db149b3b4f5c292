// Theme and language chosen last time, set before the first paint so that nothing flashes.
(() => {
  const root = document.documentElement;
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const theme = read("kpi.theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = `kpi-${theme}`;
  const locale = read("kpi.locale") ?? navigator.language.slice(0, 2);
  if (locale === "de") root.lang = "de";
})();

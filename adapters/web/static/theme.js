// Light or dark as somebody chose it, before anything is drawn.

try {
  document.documentElement.dataset.theme = JSON.parse(localStorage.getItem("hearthbot.theme")) ?? "system";
} catch {
  document.documentElement.dataset.theme = "system";
}

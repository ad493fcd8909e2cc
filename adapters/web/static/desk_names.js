// Names of places and sizes, as people read them.

const PLATFORMS = { discord: "Discord", telegram: "Telegram", web: "Web", console: "Console", fake: "Fake" };

// "community:discord:7" → "Discord · 7"; the page's only community is simply the page.
export function placeName(key) {
  const [, platform, ...rest] = key.split(":");
  const name = PLATFORMS[platform] ?? platform;
  const id = rest.join(":");
  return id && id !== platform ? `${name} · ${id}` : name;
}

export function sizeOf(desk, bytes) {
  const [unit, length] = bytes >= 2 ** 30 ? ["gigabyte", 2 ** 30] : ["megabyte", 2 ** 20];
  const value = bytes / length;
  return new Intl.NumberFormat(desk.language, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: unit === "gigabyte" ? 1 : 0 }).format(value);
}

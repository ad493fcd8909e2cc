// Days and times on the clock of the chosen zone: "2026-11-28" and "2026-11-28T09:00".
// The server turns them into moments and back, so that nothing here knows a zone.

const DAY_MS = 86400000;

export function addDays(day, count) {
  return new Date(Date.parse(`${day}T00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

export function addMinutes(wall, minutes) {
  return new Date(Date.parse(`${wall}Z`) + minutes * 60000).toISOString().slice(0, 16);
}

export function dayOf(wall) {
  return wall.slice(0, 10);
}

export function minutesOf(wall) {
  return Number(wall.slice(11, 13)) * 60 + Number(wall.slice(14, 16));
}

export function at(day, minutes) {
  return addMinutes(`${day}T00:00`, minutes);
}

// The Monday of a day's week.
export function weekOf(day) {
  const weekday = (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;
  return addDays(day, -weekday);
}

export function monthOf(day) {
  return `${day.slice(0, 8)}01`;
}

export function addMonths(day, count) {
  const date = new Date(`${monthOf(day)}T00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + count);
  return date.toISOString().slice(0, 10);
}

// Ways of writing days and times in the reader's language.
export function formats(language) {
  const make = (options) => {
    const format = new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options });
    return (wall) => format.format(new Date(wall.length > 10 ? `${wall}Z` : `${wall}T00:00Z`));
  };
  const range = new Intl.DateTimeFormat(language, { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" });
  return {
    time: make({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    weekday: make({ weekday: "short" }),
    day: make({ weekday: "long", day: "numeric", month: "long" }),
    month: make({ month: "long", year: "numeric" }),
    whole: make({ weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    range: (from, to) => range.formatRange(new Date(`${from}T00:00Z`), new Date(`${to}T00:00Z`)),
  };
}

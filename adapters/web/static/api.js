// Talking to the server. Every call that changes something carries the form token.

export class Refused extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status; // 0: the server was not reached
  }
}

const ACTIVE_MS = 60_000;
let lastInput = 0;
let token = "";
let sorry = "";

export function prepare(formToken, tryAgainText) {
  token = formToken;
  sorry = tryAgainText;
}

export async function get(path) {
  return answer(() => fetch(path, { headers: { Accept: "application/json", ...active() } }));
}

export async function post(path, body) {
  const isForm = body instanceof FormData;
  const headers = { "X-Hearthbot-Form": token };
  if (!isForm) headers["Content-Type"] = "application/json";
  const content = isForm ? body : JSON.stringify(body ?? {});
  return answer(() => fetch(path, { method: "POST", headers, body: content }));
}

// A page that only looks on does not keep a moderator's time from ending; whoever types,
// points or scrolls does, also where nothing is sent for long.
for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "touchmove"]) {
  addEventListener(kind, () => (lastInput = Date.now()), { capture: true, passive: true });
}

function active() {
  return Date.now() - lastInput < ACTIVE_MS ? { "X-Hearthbot-Active": "1" } : {};
}

async function answer(call) {
  let response;
  let result = {};
  try {
    response = await call();
    result = await response.json();
  } catch {
    if (!response || response.ok) throw new Refused(sorry, response?.status);
  }
  if (!response.ok) throw new Refused(result.error || sorry, response.status);
  return result;
}

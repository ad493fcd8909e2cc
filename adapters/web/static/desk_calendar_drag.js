// Taking what comes to another time: with the mouse, a finger, or the keyboard.

import { h } from "/static/desk_elements.js";
import { canMove, titleOf } from "/static/desk_calendar_item.js";
import { HOUR_PX, STEP_MINUTES } from "/static/desk_calendar_week.js";
import { addDays, addMinutes, at, dayOf, minutesOf } from "/static/desk_calendar_time.js";

const FAR_PX = 6; // a click that shakes is no drag
const HOLD_MS = 350; // a finger that stays so long picks up; one that moves scrolls
const EDGE_PX = 44;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Drag {
  constructor(calendar) {
    this.calendar = calendar;
    this.held = null; // { item, button, ghost, to, … }
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.held) this.putBack(); });
  }

  get isBusy() { return this.held !== null; }

  watch(button, item) {
    button.addEventListener("pointerdown", (event) => this.press(event, button, item));
    button.addEventListener("keydown", (event) => this.key(event, button, item));
    // The space bar picks up: it is no click.
    button.addEventListener("keyup", (event) => { if (event.key === " ") event.preventDefault(); });
    // A finger that holds must not scroll the page away below it.
    button.addEventListener("touchmove", (event) => { if (this.held?.ghost) event.preventDefault(); }, { passive: false });
    button.addEventListener("contextmenu", (event) => { if (this.held) event.preventDefault(); });
    button.addEventListener("blur", () => { if (this.held?.isByKey && this.held.button === button) this.putBack(); });
  }

  // The mouse and the finger

  press(event, button, item) {
    if (event.button !== 0 || this.held) return;
    const { clientX: x, clientY: y, pointerId: pointer } = event;
    const box = button.getBoundingClientRect();
    this.held = { item, button, x, y, inX: x - box.left, inY: y - box.top, pointer, to: item.at, ghost: null };
    const isTouch = event.pointerType !== "mouse";
    const move = (next) => {
      if (next.pointerId !== pointer || !this.held) return;
      this.held.x = next.clientX;
      this.held.y = next.clientY;
      const isFar = Math.hypot(next.clientX - x, next.clientY - y) > FAR_PX;
      if (!this.held.ghost && isFar) isTouch ? end() : this.lift();
      if (this.held?.ghost) this.over();
    };
    const drop = (next) => {
      if (next.pointerId !== pointer) return;
      const isLifted = Boolean(this.held?.ghost);
      end(isLifted);
      if (isLifted) this.drop();
    };
    const end = (isKept = false) => {
      clearTimeout(timer);
      for (const [name, call] of Object.entries(calls)) removeEventListener(name, call);
      if (!isKept) this.forget();
    };
    const calls = { pointermove: move, pointerup: drop, pointercancel: () => end() };
    for (const [name, call] of Object.entries(calls)) addEventListener(name, call);
    const timer = isTouch ? setTimeout(() => { if (this.held) { this.lift(); navigator.vibrate?.(12); } }, HOLD_MS) : 0;
  }

  lift() {
    const { held, calendar } = this;
    const box = held.button.getBoundingClientRect();
    held.ghost = held.button.cloneNode(true);
    held.ghost.classList.add("ghost");
    held.ghost.removeAttribute("data-key");
    held.ghost.setAttribute("aria-hidden", "true");
    held.ghost.style.cssText = "";
    held.ghost.style.width = `${Math.min(box.width, 260)}px`;
    held.inX = Math.min(held.inX, 240);
    held.label = held.ghost.querySelector("time");
    held.button.classList.add("is-lifted");
    document.querySelector(".desk").append(held.ghost);
    // The click that ends a drag opens nothing.
    held.button.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => calendar.main.classList.add("is-dragging"));
    held.timer = setInterval(() => this.scroll(), 30);
    this.over();
  }

  over() {
    const { held, calendar } = this;
    held.ghost.style.left = `${held.x - held.inX}px`;
    held.ghost.style.top = `${held.y - held.inY}px`;
    const day = document.elementsFromPoint(held.x, held.y).map((one) => one.closest("[data-day]")).find(Boolean);
    for (const one of calendar.main.querySelectorAll(".is-over")) if (one !== day) one.classList.remove("is-over");
    if (!day) return;
    day.classList.add("is-over");
    let minutes = minutesOf(held.item.at);
    if (day.classList.contains("column")) {
      const top = held.y - held.inY - day.getBoundingClientRect().top;
      const steps = Math.round(((top / HOUR_PX) * 60) / STEP_MINUTES);
      minutes = Math.min(24 * 60 - STEP_MINUTES, Math.max(0, steps * STEP_MINUTES));
    }
    held.to = at(day.dataset.day, minutes);
    held.label.textContent = calendar.format.time(held.to);
  }

  scroll() {
    const box = this.calendar.view.getBoundingClientRect();
    const { y } = this.held;
    const by = y < box.top + EDGE_PX * 2 ? -14 : y > box.bottom - EDGE_PX ? 14 : 0;
    if (by) {
      this.calendar.view.scrollTop += by;
      this.over();
    }
  }

  drop() {
    const { held } = this;
    const target = held.to;
    this.forget();
    if (target === held.item.at) this.calendar.desk.say(this.calendar.desk.t("not_moved"));
    else this.calendar.move(held.item, target);
  }

  // The keyboard

  key(event, button, item) {
    if (!canMove(item)) return;
    const { held, calendar } = this;
    if (!held?.isByKey) {
      if (event.key !== " ") return;
      event.preventDefault();
      this.held = { item, button, to: item.at, isByKey: true };
      button.classList.add("is-lifted");
      button.setAttribute("aria-pressed", "true");
      this.say("picked_up", item.at);
      return;
    }
    const step = ARROWS[event.key];
    if (step) held.to = this.stepped(held.to, step, event.shiftKey);
    if (step) this.say("move_to", held.to);
    else if (event.key === " " || event.key === "Enter") this.drop();
    else return;
    event.preventDefault();
    calendar.mark(held.to);
  }

  stepped(wall, [right, down], isFar) {
    if (this.calendar.isList) return at(addDays(dayOf(wall), right + down), minutesOf(wall));
    if (this.calendar.span === "month") return at(addDays(dayOf(wall), right + 7 * down), minutesOf(wall));
    if (right) return at(addDays(dayOf(wall), right), minutesOf(wall));
    return addMinutes(wall, down * (isFar ? 60 : STEP_MINUTES));
  }

  say(name, wall) {
    const { desk, format } = this.calendar;
    const when = format.whole(wall);
    const text = name === "move_to" ? when : desk.t(name, { title: titleOf(this.held.item, desk), when });
    desk.say(text, true);
  }

  putBack() {
    this.forget();
    this.calendar.desk.say(this.calendar.desk.t("not_moved"));
  }

  forget() {
    const { held, calendar } = this;
    if (!held) return;
    this.held = null;
    clearInterval(held.timer);
    held.ghost?.remove();
    held.button.classList.remove("is-lifted");
    held.button.removeAttribute("aria-pressed");
    setTimeout(() => {
      held.button.removeEventListener("click", stop, { capture: true });
      calendar.main.classList.remove("is-dragging");
    });
    for (const one of calendar.main.querySelectorAll(".is-over, .target")) one.classList.contains("target") ? one.remove() : one.classList.remove("is-over");
  }
}

function stop(event) {
  event.stopPropagation();
  event.preventDefault();
}

// Where something would land that the keyboard moves.
export function target(calendar, wall) {
  const mark = h("div.target", { "aria-hidden": "true" }, calendar.format.time(wall));
  mark.style.top = `${(minutesOf(wall) / 60) * HOUR_PX}px`;
  return mark;
}

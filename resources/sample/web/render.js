/** Turns parcels into elements. Text is always set as text, never as HTML. */

const WORDS = {
  booked: "We know of your parcel and wait for it.",
  collected: "Your parcel is on its way to the first depot.",
  "in transit": "Your parcel travels between depots.",
  "out for delivery": "Your parcel comes today.",
  delivered: "Your parcel has arrived.",
  returning: "Your parcel goes back to its sender.",
  returned: "Your parcel is back with its sender.",
  lost: "We are looking for your parcel.",
};

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** The way through the depots, with the one where the parcel is marked. */
export function renderRoute(route, position) {
  const list = element("ol", "", "route");
  for (const depot of route) {
    list.append(element("li", depot, depot === position ? "here" : ""));
  }
  return list;
}

/** What happened, one line an event. */
export function renderEvents(events) {
  const list = element("ul", "", "events");
  for (const event of events) {
    const when = new Date(event.at).toLocaleString();
    list.append(element("li", `${when}: ${event.status}${event.depot ? `, ${event.depot}` : ""}`));
  }
  return list;
}

/** Shows a parcel in place of whatever was there. */
export function renderParcel(section, { parcel, events }) {
  section.replaceChildren(
    element("p", WORDS[parcel.status] ?? parcel.status, "status"),
    renderRoute(parcel.route, parcel.position),
    renderEvents(events),
  );
}

/** Shows why a parcel cannot be shown. */
export function renderProblem(section, message) {
  section.replaceChildren(element("p", message, "problem"));
}

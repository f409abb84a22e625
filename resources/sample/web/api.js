/** Asks the core. Every function returns a promise of plain data. */

const CORE = "/api";

/** A refused or failed request, with the words the core found for it. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function request(path, options = {}) {
  const response = await fetch(CORE + path, options);
  const body = await response.json();
  if (!response.ok) {
    throw new ApiError(response.status, body.error ?? "the core gave no reason");
  }
  return body;
}

/** A parcel with its events, the latest first. */
export function fetchParcel(code) {
  return request(`/parcels/${encodeURIComponent(code)}`);
}

/** Books a parcel; the answer holds the parcel and its price. */
export function bookParcel(form) {
  return request("/parcels", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(form),
  });
}

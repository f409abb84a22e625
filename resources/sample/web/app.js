/** The page where a customer follows a parcel. */

import { ApiError, fetchParcel } from "./api.js";
import { renderParcel, renderProblem } from "./render.js";

const REFRESH_MS = 30_000;
const FINAL = new Set(["delivered", "returned", "lost"]);

let timer;

/** Shows a parcel and, as long as it can still move, looks again every half a minute. */
export async function follow(code, section) {
  clearTimeout(timer);
  try {
    const answer = await fetchParcel(code);
    renderParcel(section, answer);
    if (!FINAL.has(answer.parcel.status)) {
      timer = setTimeout(() => follow(code, section), REFRESH_MS);
    }
  } catch (error) {
    const known = error instanceof ApiError;
    renderProblem(section, known ? error.message : "The core cannot be reached.");
  }
}

document.querySelector("#search").addEventListener("submit", (event) => {
  event.preventDefault();
  follow(new FormData(event.target).get("code"), document.querySelector("#parcel"));
});

/* The links between pages. A plain press switches in place: the address changes, and Streamlit, which watches the
 * address for the browser's back button, draws the page it now names. Any other press is the browser's own affair. */

const PLACE_AND_PAGE = ["page", "place"];

/* A choice made just before a page was left is written into the address after the new page's own, by some moments: the
 * browser would then name the page that was left. The address is put back to what was meant last: the page that a run
 * shows, or the one that a person went to since. */
const LOOKS_MS = [0, 300, 1000, 3000];
let meant = "";

window.addEventListener("popstate", () => { meant = window.location.search; });

const pageOf = (search) => new URLSearchParams(search).get("page");

function nameWhatIsMeant() {
  const said = new URLSearchParams(window.location.search), asked = new URLSearchParams(meant);
  if (PLACE_AND_PAGE.some((word) => said.get(word) !== asked.get(word))) window.history.replaceState({}, "", meant);
}

/* A list of several choices stays open after one, over what the choice was made for. It closes once the page shows the
 * choice, as by Escape, which leaves the keyboard's focus where it was; while somebody types in it, it stays. */
function closeList() {
  const at = document.activeElement;
  if (!at?.closest("[data-testid=stMultiSelect]") || at.getAttribute("aria-expanded") !== "true" || at.value) return;
  at.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
}

export default function ({ data, parentElement }) {
  if (meant && meant !== data.shown) closeList();
  meant = data.shown;
  for (const wait of LOOKS_MS) setTimeout(nameWhatIsMeant, wait);
  const nav = parentElement.querySelector("nav");
  // the links stay the same elements, so that the one just pressed keeps the keyboard's focus
  while (nav.childElementCount < data.pages.length) nav.append(document.createElement("a"));
  data.pages.forEach((page, index) => {
    const link = nav.children[index];
    link.textContent = page.title;
    link.href = page.address;
    link.target = "_self";
    if (page.current) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    link.onclick = (event) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      // by the address and not by the page drawn, which in a hurry is still the one before
      if (pageOf(window.location.search) === pageOf(link.search)) return;
      window.history.pushState({}, "", link.href);
      window.dispatchEvent(new PopStateEvent("popstate"));
      document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
    };
  });
}

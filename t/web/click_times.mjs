// SPDX-License-Identifier: MIT
//
// usage: node click_times.mjs RUN_JSON
//
// Opens each page of the running gateway's console by its link in the menu, and
// the detail of the first row of the longest lists, five times; prints
// {"<path>": [milliseconds until it stood with its data, ...]}.

import { readFile } from "node:fs/promises";
import { launch, signIn } from "./browser.mjs";
import { pages } from "./pages.mjs";

const ROUNDS = 5;
// Lists with a detail, and what of a row opens it.
const details = { "/logs": "link", "/client-keys": "button",
    "/provider-keys": "button" };
const run = JSON.parse(await readFile(process.argv[2], "utf8"));
const { page, close } = await launch();
const times = {};

// Two frames on it is known which cells are seen, and ask for what they show.
async function stands() {
    await page.evaluate(() => new Promise((drawn) =>
        requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await page.waitForFunction(() => document.querySelector(
        "[role=status], [aria-busy=true]") === null);
}

async function timed(name, open) {
    const began = performance.now();
    await open();
    await stands();
    (times[name] ??= []).push(Math.round(performance.now() - began));
}

async function visit(path, open) {
    const heading = page.getByRole("heading",
        { level: 1, name: pages[path].en, exact: true });
    await timed(path, async () => {
        await open();
        await heading.waitFor();
    });
    if (!(path in details)) return;
    const dialog = page.getByRole("dialog");
    await timed(`${path}/detail`, async () => {
        await page.getByRole("row").nth(1).getByRole(details[path]).first().click();
        await dialog.getByRole("heading", { level: 2 }).first().waitFor();
    });
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
}

try {
    await signIn(page, run);
    const links = page.getByRole("navigation").getByRole("link");
    await links.first().waitFor();
    const paths = await links.evaluateAll((all) =>
        all.map((link) => new URL(link.href).pathname));
    for (let round = 0; round < ROUNDS; ++round) {
        for (const path of paths) {
            await visit(path, () => page.locator(`nav a[href="${path}"]`).click());
        }
        await page.getByRole("button",
            { name: `Account of ${run.admin_user}` }).click();
        await visit("/profile", () =>
            page.getByRole("menuitem", { name: "Profile" }).click());
    }
} finally {
    await close();
}
process.stdout.write(`${JSON.stringify(times)}\n`);

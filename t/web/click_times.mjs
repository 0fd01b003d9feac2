// SPDX-License-Identifier: MIT
//
// usage: node click_times.mjs RUN_JSON
//
// Opens each page of the running gateway's console by its link in the menu,
// five times, and prints {"<path>": [milliseconds until it stood with its
// data, ...]}.

import { readFile } from "node:fs/promises";
import { launch, signIn } from "./browser.mjs";
import { pages } from "./pages.mjs";

const ROUNDS = 5;
const run = JSON.parse(await readFile(process.argv[2], "utf8"));
const { page, close } = await launch();
const times = {};

try {
    await signIn(page, run);
    const links = page.getByRole("navigation").getByRole("link");
    await links.first().waitFor();
    const paths = (await links.evaluateAll((all) =>
        all.map((link) => new URL(link.href).pathname)))
        .filter((path) => path in pages);
    for (let round = 0; round < ROUNDS; ++round) {
        for (const path of paths) {
            const heading = page.getByRole("heading",
                { level: 1, name: pages[path].en, exact: true });
            const began = performance.now();
            await page.locator(`nav a[href="${path}"]`).click();
            await heading.waitFor();
            await page.waitForFunction(() =>
                document.querySelector("[role=status]") === null);
            (times[path] ??= []).push(Math.round(performance.now() - began));
        }
    }
} finally {
    await close();
}
process.stdout.write(`${JSON.stringify(times)}\n`);

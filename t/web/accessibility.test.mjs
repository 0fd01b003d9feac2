// SPDX-License-Identifier: MIT
//
// Every page, form, drawer and tab as axe sees it, in both schemes: nothing
// serious.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import test from "node:test";
import { lookAtAll, settled } from "./openings.mjs";
import { pages } from "./pages.mjs";
import { setScene } from "./scene.mjs";
import { gateway, openBrowser, run, signIn } from "./stack.mjs";
import { textsOf } from "./texts.mjs";

const axe = await readFile(
    createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// The impact from which a finding fails the test.
const serious = ["serious", "critical"];

// What axe finds serious, with the place.
async function findings(page, place) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    }));
    return violations.filter(({ impact }) => serious.includes(impact))
        .map(({ id, nodes }) => [place, id, ...nodes.map(({ target, any }) =>
            `${target.join(" ")}: ${any.map((it) => it.message).join(" ")}`)]);
}

const scene = await setScene(run, gateway);
const text = await textsOf("en");

for (const scheme of ["light", "dark"]) {
    test(`${scheme}: pages and what opens on them`, async (t) => {
        const { page } = await openBrowser(t, { scheme });
        const found = [];
        const look = async (place) => found.push(...await findings(page, place));
        await page.goto(`${run.admin_url}/sign-in`);
        await settled(page);
        await look("/sign-in");
        await signIn(page);
        for (const path of Object.keys(pages)) {
            await page.goto(run.admin_url + path);
            await settled(page);
            await look(path);
        }
        await lookAtAll(page, { address: run.admin_url, text, scene, look });
        assert.deepEqual(found, []);
    });
}

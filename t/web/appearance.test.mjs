// SPDX-License-Identifier: MIT
//
// Every page in both languages and both schemes, on a desk and on a phone:
// drawn, in its language, without a complaint of the browser, and never wider
// than the screen.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { lookAtAll, settled } from "./openings.mjs";
import { pages } from "./pages.mjs";
import { setScene } from "./scene.mjs";
import { assertQuiet, gateway, openBrowser, run, signIn } from "./stack.mjs";
import { keysIn, textsOf } from "./texts.mjs";

const scene = await setScene(run, gateway);

// No wider than the screen or their places, and no key of a text in place of the text, such as
// "logs.detail.title".
async function assertFine(page, what) {
    const [content, screen] = await page.evaluate(() =>
        [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(content <= screen, `${what}: ${content} > ${screen}`);
    assert.deepEqual(keysIn(await page.locator("body").innerText()), [], what);
    assert.deepEqual(await page.evaluate(overlong), [], what);
}

// What is wider than its own place and so lies over its neighbour or is cut;
// in the browser.
function overlong() {
    const places = "td, th, dt, dd, li, p, label, button, h1, h2, h3, " +
        "[role=radiogroup]";
    const fine = ["auto", "scroll"];
    return [...document.querySelectorAll(places)].filter((it) =>
        it.clientWidth > 1 && it.scrollWidth > it.clientWidth + 1 &&
        !fine.includes(getComputedStyle(it).overflowX) &&
        getComputedStyle(it).textOverflow !== "ellipsis"
    ).map((it) => `${it.localName}: ${it.textContent}`);
}

async function brightness(page) {
    const color = await page.evaluate(() =>
        getComputedStyle(document.body).backgroundColor);
    const [red, green, blue] = color.match(/\d+/g).map(Number);
    return (red + green + blue) / 3;
}

test("no page of the console is left out", async () => {
    const router = await readFile(
        new URL("../../web/src/app/router.tsx", import.meta.url), "utf8");
    const paths = [...router.matchAll(/\bpath: '([^']+)'/g)]
        .map(([, path]) => path);
    const seen = Object.keys(pages).filter((path) => path !== "/nowhere");
    assert.deepEqual(paths.toSorted(), [...seen, "/sign-in"].toSorted());
});

// Each language in each scheme where there is least room, and each width once;
// what opens on the pages in each language and each scheme.
const views = [
    ["en", "light", 360, "opens"],
    ["en", "dark", 360],
    ["zh-CN", "light", 360],
    ["zh-CN", "dark", 360, "opens"],
    ["zh-CN", "light", 768],
    ["en", "dark", 1360],
    ["en", "light", 2200],
];

for (const [language, scheme, width, opens] of views) {
    test(`${language}, ${scheme}, ${width} px`, async (t) => {
        const { page, complaints } =
            await openBrowser(t, { language, scheme, width });
        await page.goto(`${run.admin_url}/sign-in`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await assertFine(page, "/sign-in");
        await signIn(page);

        assert.equal(await page.evaluate(() =>
            document.documentElement.lang), language);
        const light = await brightness(page);
        assert.ok(scheme === "light" ? light > 200 : light < 60);

        for (const [path, title] of Object.entries(pages)) {
            await page.goto(run.admin_url + path);
            await page.getByRole("heading", {
                level: 1, name: title[language], exact: true,
            }).waitFor();
            await settled(page);
            await assertFine(page, path);
        }
        if (opens) {
            await lookAtAll(page, {
                address: run.admin_url, text: await textsOf(language), scene,
                look: (name) => assertFine(page, name),
            });
        }
        assertQuiet(complaints);
    });
}

test("language and scheme are chosen in the menu, and kept", async (t) => {
    const { page, complaints } = await openBrowser(t);
    await signIn(page);
    await page.goto(`${run.admin_url}/logs`);

    await page.getByRole("button", { name: `Account of ${run.admin_user}` })
        .click();
    await page.getByRole("menuitemradio", { name: "简体中文" }).click();
    await page.getByRole("heading", { level: 1, name: "日志" }).waitFor();
    await page.getByRole("menuitemradio", { name: "深色" }).click();
    await page.waitForFunction(() =>
        document.documentElement.dataset.mantineColorScheme === "dark");

    const kept = await page.evaluate(() => [
        localStorage.getItem("aiproxy.language"),
        localStorage.getItem("aiproxy.color-scheme"),
    ]);
    assert.deepEqual(kept, ["zh-CN", "dark"]);

    await page.reload();
    await page.getByRole("heading", { level: 1, name: "日志" }).waitFor();
    assert.ok(await brightness(page) < 60);
    assertQuiet(complaints);
});

test("nothing is loaded from elsewhere, and the policy holds", async (t) => {
    const { page, complaints } = await openBrowser(t);
    const hosts = new Set();
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    const answer = await page.goto(`${run.admin_url}/sign-in`);
    await signIn(page);
    await page.waitForLoadState("networkidle");

    assert.deepEqual([...hosts], [new URL(run.admin_url).host]);
    const policy = answer.headers()["content-security-policy"];
    assert.match(policy, /script-src 'self'(;|$)/);
    assertQuiet(complaints);
});

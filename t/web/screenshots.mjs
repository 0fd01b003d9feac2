// SPDX-License-Identifier: MIT
//
// Pictures of every page of the console, in both languages and themes, on a
// desk and on a phone. Run by scripts/screenshots: node screenshots.mjs DIR
// [VIEW...].

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { apiOf, choosePassword } from "./api.mjs";
import { launch, signIn } from "./browser.mjs";
import { startGateway } from "./gateway.mjs";
import { lookAtAll, settled } from "./openings.mjs";
import { pages } from "./pages.mjs";
import { setScene } from "./scene.mjs";
import { textsOf } from "./texts.mjs";

const sizes = { desktop: [1360, 860], phone: [360, 740] };

// The name of a picture, and the page's address.
const pictured = Object.keys(pages).map((path) =>
    [path.slice(1).replaceAll("/", "-") || "dashboard", path]);

// Each theme in each language on each screen, by the end of its pictures' names.
const views = ["light", "dark"].flatMap((scheme) =>
    ["en", "zh-CN"].flatMap((language) => Object.keys(sizes).map((size) =>
        ({ scheme, language, size, name: `${scheme}-${language}-${size}` }))));

async function drawn(page) {
    await settled(page);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForLoadState("networkidle");
}

async function picture(run, scene, { language, scheme, size, name: view }) {
    const [width, height] = sizes[size];
    const { page, close } = await launch({ language, scheme, width, height });
    const save = (name, options) => page.screenshot({
        path: join(folder, `${name}-${view}.png`), ...options,
    });
    try {
        await page.goto(`${run.admin_url}/sign-in`);
        await drawn(page);
        await save("sign-in");
        await signIn(page, { ...run, ...scene.newcomer });
        await drawn(page);
        await save("first-password");
        await page.context().clearCookies();
        await signIn(page, run);
        for (const [name, path] of pictured) {
            await page.goto(run.admin_url + path);
            await drawn(page);
            await save(name, { fullPage: true });
        }
        await lookAtAll(page, {
            address: run.admin_url, text: await textsOf(language), scene,
            look: async (name) => {
                await drawn(page);
                await save(name);
            },
        });
    } finally {
        await close();
    }
}

const [folder, ...wanted] = process.argv.slice(2);
const unknown = wanted.filter((name) => !views.some((view) => view.name === name));
if (unknown.length > 0) throw new Error(`no such view: ${unknown}`);
await mkdir(folder, { recursive: true });
const gateway = await startGateway();
try {
    const run = JSON.parse(await readFile(gateway.file, "utf8"));
    const own = "a password for pictures";
    await choosePassword(run, run.admin_user, run.admin_password, own);
    run.admin_password = own;
    const scene = await setScene(run, apiOf(run));
    for (const view of views) {
        if (wanted.length > 0 && !wanted.includes(view.name)) continue;
        await picture(run, scene, view);
    }
} finally {
    await gateway.stop();
}
console.log(folder);

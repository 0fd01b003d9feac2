// SPDX-License-Identifier: MIT
//
// Chromium with a profile of its own, and the way into the console.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const flags = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
];

// A browser in a language, scheme and size. Its zone is far from UTC, so that
// a time in the wrong zone is seen.
export async function launch(options = {}) {
    const { language = "en", scheme = "light", width = 1360, height = 900 } =
        options;
    const profile = await mkdtemp(join(tmpdir(), "aiproxy-chromium-"));
    const browser = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
        headless: true,
        args: flags,
        viewport: { width, height },
        locale: "en-US",
        timezoneId: "Asia/Shanghai",
        reducedMotion: "reduce",
    });
    await browser.addInitScript(([chosen, look]) => {
        if (localStorage.getItem("aiproxy.language") !== null) return;
        localStorage.setItem("aiproxy.language", chosen);
        localStorage.setItem("aiproxy.color-scheme", look);
    }, [language, scheme]);
    const close = async () => {
        await browser.close();
        await rm(profile, { recursive: true, force: true });
    };
    const page = browser.pages()[0] ?? (await browser.newPage());
    return { browser, page, close };
}

export async function signIn(page, run) {
    await page.goto(`${run.admin_url}/sign-in`);
    await page.locator("input[autocomplete=username]").fill(run.admin_user);
    await page.locator("input[autocomplete=current-password]")
        .fill(run.admin_password);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname !== "/sign-in");
    await page.getByRole("heading", { level: 1 }).waitFor();
}

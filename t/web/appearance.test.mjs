// SPDX-License-Identifier: MIT
//
// Every page in both languages and both schemes, on a desk and on a phone:
// drawn, in its language, without a complaint of the browser, and never wider
// than the screen.

import assert from "node:assert/strict";
import test from "node:test";
import { pages } from "./pages.mjs";
import { ask, assertQuiet, openBrowser, run, signIn } from "./stack.mjs";

const forms = {
    "/client-keys": { en: "Create client key", "zh-CN": "创建客户端密钥" },
    "/provider-keys": { en: "Add provider key", "zh-CN": "添加提供商密钥" },
    "/oauth-clients": {
        en: "Create OAuth client", "zh-CN": "创建 OAuth 客户端",
    },
    "/settings": { en: "Add issuer", "zh-CN": "添加签发方" },
    "/providers": { en: "Add provider", "zh-CN": "添加提供商" },
};

// No wider than the screen, and no key of a text in place of the text, such as
// "logs.detail.title".
async function assertFine(page, what) {
    const [content, screen] = await page.evaluate(() =>
        [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(content <= screen, `${what}: ${content} > ${screen}`);
    const text = await page.locator("body").innerText();
    assert.doesNotMatch(text, new RegExp("\\b(activity|common|dashboard|errors|health|" +
        "alerts|issuers|jobs|limits|logs|metric|nav|oauthClients|playground|prices|providers|providerKeys|users|" +
        "clientKeys|rotation|settings|system)\\.[a-z]\\w+\\b"), what);
}

async function brightness(page) {
    const color = await page.evaluate(() =>
        getComputedStyle(document.body).backgroundColor);
    const [red, green, blue] = color.match(/\d+/g).map(Number);
    return (red + green + blue) / 3;
}

test("there are records to look at", async () => {
    assert.equal(await ask(run.demo_client_key), 200);
    assert.equal(await ask("aip_nobody"), 401);
});

// Each language in each scheme where there is least room, and each width once.
const views = [
    ["en", "light", 360],
    ["en", "dark", 360],
    ["zh-CN", "light", 360],
    ["zh-CN", "dark", 360],
    ["zh-CN", "light", 768],
    ["en", "dark", 1360],
    ["en", "light", 2200],
];

for (const [language, scheme, width] of views) {
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
            // Skeletons are gone: what was asked for is there.
            await page.waitForFunction(() =>
                document.querySelector("[role=status]") === null);
            await assertFine(page, path);
            if (!(path in forms)) continue;
            await page.getByRole("button", { name: forms[path][language] })
                .first().click();
            await page.getByRole("dialog").waitFor();
            await assertFine(page, `${path}: form`);
        }
        await page.goto(`${run.admin_url}/logs`);
        await page.getByRole("row").nth(1).getByRole("link").click();
        await page.getByRole("dialog").locator("dl").waitFor();
        await assertFine(page, "detail");
        for (const list of ["client-keys", "provider-keys"]) {
            await page.goto(`${run.admin_url}/${list}?open=1`);
            await page.getByRole("dialog").locator("svg.recharts-surface")
                .first().waitFor();
            await assertFine(page, `${list}: detail`);
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

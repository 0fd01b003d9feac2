// SPDX-License-Identifier: MIT
//
// What can be opened on the pages: forms, drawers, tabs. By the name of its
// picture: the page's address, and how it is opened in the language of `text`.
// scene.mjs makes what they show.

const button = (key, scope = (page) => page.locator("main")) =>
    (page, text) => scope(page)
        .getByRole("button", { name: text(key), exact: true }).first().click();

// An item of the menu of the row with this name.
const action = (name, key) => async (page, text) => {
    await page.getByRole("button",
        { name: text("common.actionsFor", { name }), exact: true }).click();
    await page.getByRole("menuitem", { name: text(key), exact: true }).click();
};

const tab = (key, path) => async (page, text) => {
    await path(page);
    await page.getByRole("tab", { name: text(key), exact: true }).click();
};

const none = () => {};

// The record with two attempts.
const record = (page) => page.getByRole("row")
    .filter({ hasText: "gpt-6.1-sol" }).getByRole("link").first().click();

const inDialog = (page) => page.getByRole("dialog");

export const dialogs = {
    record: ["/logs", record],
    "record-seen": ["/logs", tab("logs.seen.title", record)],
    "record-texts": ["/logs", tab("logs.texts.title", record)],
    export: ["/logs", button("logs.export.action")],
    "client-key": ["/client-keys?open=1", none],
    "client-key-form": ["/client-keys", button("clientKeys.add")],
    "client-key-texts": ["/client-keys", async (page, text) => {
        await action("demo", "common.edit")(page, text);
        await button("clientKeys.part.payload", inDialog)(page, text);
    }],
    "client-key-examples": ["/client-keys",
        action("demo", "clientKeys.showExamples")],
    "client-key-raise": ["/client-keys?open=1",
        button("limits.raise", inDialog)],
    "client-key-reset": ["/client-keys?open=1",
        button("limits.reset", inDialog)],
    "oauth-client-form": ["/oauth-clients", button("oauthClients.add")],
    "provider-key": ["/provider-keys?open=1", none],
    "provider-key-quota": ["/provider-keys", async (page) => {
        await page.getByRole("button", { name: "metered", exact: true }).click();
        await inDialog(page).getByRole("meter").last().scrollIntoViewIfNeeded();
    }],
    "provider-key-form": ["/provider-keys", button("providerKeys.add")],
    "provider-key-import": ["/provider-keys",
        button("providerKeys.import.action")],
    "provider-key-delete": ["/provider-keys",
        action("demo-openai-1", "common.delete")],
    "provider-form": ["/providers", action("demo-openai", "common.edit")],
    "provider-test": ["/providers", async (page, text) => {
        await action("demo-openai", "common.edit")(page, text);
        await button("providers.connection.test", inDialog)(page, text);
        await inDialog(page).locator("[aria-live=polite]:not(:empty)").waitFor();
    }],
    "provider-preview": ["/providers", async (page, text) => {
        await action("demo-openai", "providers.preview.action")(page, text);
        await button("providers.preview.show", inDialog)(page, text);
        await page.getByTestId("preview-head").waitFor();
    }],
    "price-import": ["/prices", button("prices.import.action")],
    rerate: ["/prices", button("prices.rerate.action")],
    alert: ["/alerts", (page) => page.getByRole("row").nth(1)
        .getByRole("button").first().click()],
    "alert-rule-form": ["/alerts?tab=rules", button("alerts.addRule")],
    "alert-channel-form": ["/alerts?tab=channels",
        button("alerts.addChannel")],
    "alert-channel-test": ["/alerts?tab=channels",
        action("on-call", "alerts.sendTest")],
    "user-form": ["/users", button("users.add")],
    "user-identities": ["/users", action("admin", "users.identities")],
    "user-unlink": ["/users", async (page, text) => {
        await action("admin", "users.identities")(page, text);
        await button("oidc.unlink", inDialog)(page, text);
        await page.getByRole("dialog",
            { name: text("oidc.unlinkTitle", { name: "admin" }) }).waitFor();
    }],
    "user-limits": ["/users", action("admin", "limits.edit")],
    "audit-entry": ["/audit", (page) => page.getByRole("row").nth(1)
        .getByRole("button").first().click()],
    "issuer-form": ["/settings", button("issuers.add")],
    "token-form": ["/profile", button("apiTokens.add")],
};

// Other faces of pages: no dialog opens.
export const faces = {
    "alert-rules": ["/alerts?tab=rules", none],
    "alert-channels": ["/alerts?tab=channels", none],
    "usage-report": ["/usage", async (page, text, { key }) => {
        await page.getByLabel(text("usage.key"), { exact: true }).fill(key);
        await page.getByRole("button", { name: text("usage.show") }).click();
        await page.getByRole("button", { name: text("usage.forget") })
            .waitFor();
    }],
    "account-menu": ["/profile", async (page, text) => {
        const burger = page.getByRole("button", { name: text("nav.menu") });
        if (await burger.isVisible()) await burger.click();
        await page.getByRole("button",
            { name: text("account.menu", { name: "admin" }) }).click();
        await page.getByRole("menuitem").first().waitFor();
    }],
};

// A page as it stands when all that it asked for has come.
export async function settled(page) {
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(() =>
        document.querySelector("[role=status]") === null);
}

// Goes to each, opens it and looks at it.
export async function lookAtAll(page, { address, text, scene, look }) {
    for (const [name, [path, open]] of Object.entries({ ...faces, ...dialogs })) {
        await page.goto(address + path);
        await settled(page);
        await open(page, text, scene);
        if (name in dialogs) await page.getByRole("dialog").first().waitFor();
        await settled(page);
        await look(name);
    }
}

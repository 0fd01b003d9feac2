// SPDX-License-Identifier: MIT
//
// What the pages cost their reader stays small: script that is sent, what moves
// while a page comes. When it can be used is told, but not judged here: that is
// the machine's affair too, and the bench's.

import assert from "node:assert/strict";
import test from "node:test";
import { figuresOf, watch } from "./figures.mjs";
import { pages } from "./pages.mjs";
import { ask, openBrowser, run, signIn } from "./stack.mjs";

const KB = 1024;
const SIGN_IN_BYTES = 250 * KB;
const DASHBOARD_BYTES = 380 * KB;
// Half of what a reader is said to notice.
const SHIFT = 0.05;
function tell(t, path, { usable, bytes, shift }) {
    t.diagnostic(`${path}: usable after ${usable} ms, ` +
        `${Math.round(bytes / KB)} KB of script, shift ${shift.toFixed(3)}`);
}

function assertSteady(path, { shift, moved }) {
    assert.ok(shift <= SHIFT, `${path}: ${shift} ${JSON.stringify(moved)}`);
}

async function visit(t, path, take) {
    const figures = await take();
    tell(t, path, figures);
    assertSteady(path, figures);
    return figures;
}

for (const width of [1360, 360]) {
    test(`at ${width} px`, async (t) => {
        assert.equal(await ask(run.demo_client_key), 200);
        const open = async () => {
            const { page } = await openBrowser(t, { width });
            await watch(page);
            return page;
        };

        const first = await visit(t, "/sign-in", async () =>
            figuresOf(await open(), `${run.admin_url}/sign-in`));
        assert.ok(first.bytes > 50 * KB && first.bytes <= SIGN_IN_BYTES,
            `sign-in: ${first.bytes} bytes of script`);

        const page = await open();
        await signIn(page);
        for (const path of Object.keys(pages)) {
            const figures = await visit(t, path, () =>
                figuresOf(page, run.admin_url + path));
            if (path !== "/") continue;
            assert.ok(figures.bytes > first.bytes &&
                figures.bytes <= DASHBOARD_BYTES,
                `dashboard: ${figures.bytes} bytes of script`);
        }
    });
}

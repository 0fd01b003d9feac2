// SPDX-License-Identifier: MIT
//
// What the pages cost their reader stays small: script that is sent, and what
// moves while a page comes. When it can be used is told, not judged.

import assert from "node:assert/strict";
import test from "node:test";
import { figuresOf, watchShifts } from "./figures.mjs";
import { pages } from "./pages.mjs";
import { ask, openBrowser, run, signIn } from "./stack.mjs";

const KB = 1024;
const SIGN_IN_BYTES = 250 * KB;
const DASHBOARD_BYTES = 380 * KB;
// What a reader is said to notice.
const SHIFT = 0.1;

function tell(t, path, { usable, bytes, shift }) {
    t.diagnostic(`${path}: usable after ${usable} ms, ` +
        `${Math.round(bytes / KB)} KB of script, shift ${shift.toFixed(3)}`);
}

function assertSteady(path, { shift, moved }) {
    assert.ok(shift <= SHIFT, `${path}: ${shift} ${JSON.stringify(moved)}`);
}

for (const width of [1360, 360]) {
    test(`at ${width} px`, async (t) => {
        assert.equal(await ask(run.demo_client_key), 200);
        const { page } = await openBrowser(t, { width });
        await watchShifts(page);

        const first = await figuresOf(page, `${run.admin_url}/sign-in`);
        tell(t, "/sign-in", first);
        assert.ok(first.bytes > 50 * KB && first.bytes <= SIGN_IN_BYTES,
            `sign-in: ${first.bytes} bytes of script`);
        assertSteady("/sign-in", first);
        await signIn(page);

        for (const path of Object.keys(pages)) {
            const figures = await figuresOf(page, run.admin_url + path);
            tell(t, path, figures);
            assertSteady(path, figures);
            if (path !== "/") continue;
            assert.ok(figures.bytes > first.bytes &&
                figures.bytes <= DASHBOARD_BYTES,
                `dashboard: ${figures.bytes} bytes of script`);
        }
    });
}

// SPDX-License-Identifier: MIT
//
// What a key did in the last days, as the console shows it beside what the API
// says.

import assert from "node:assert/strict";
import { api } from "./stack.mjs";

// The days in the drawer of the key that the API has under `path`; they are
// returned.
export async function assertDays(page, drawer, path) {
    const zone = await page.evaluate(() =>
        Intl.DateTimeFormat().resolvedOptions().timeZone);
    const { items } = await api(`${path}/trends?days=7&time_zone=${zone}`);
    assert.equal(items.length, 7);
    assert.ok(items.at(-1).requests >= 1);
    const rows = drawer.getByRole("table").getByRole("row");
    assert.equal(await rows.count(), 8);
    for (const [index, day] of items.toReversed().entries()) {
        const cells = await rows.nth(index + 1).getByRole("cell")
            .allTextContents();
        assert.deepEqual(cells, [
            day.requests.toLocaleString("en"),
            day.tokens.toLocaleString("en"), `$${day.cost}`,
        ]);
    }
    return items;
}

// The sum of a field of whole numbers.
export const sumOf = (days, field) =>
    days.reduce((sum, day) => sum + day[field], 0);

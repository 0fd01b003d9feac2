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
    await assertChart(page, drawer, items);
    return items;
}

// Over each day the chart tells its numbers in full.
async function assertChart(page, drawer, days) {
    const chart = drawer.getByRole("img", { name: / by day$/ });
    const second = /Cost/.test(await chart.getAttribute("aria-label"))
        ? ["Cost", ({ cost }) => `$${cost}`]
        : ["Tokens", ({ tokens }) => tokens.toLocaleString("en")];
    const dots = chart.locator(".recharts-line-dots").first()
        .locator("circle");
    assert.equal(await dots.count(), days.length);
    for (const [index, day] of days.entries()) {
        await dots.nth(index).hover({ force: true });
        const told = chart.locator(".recharts-tooltip-wrapper");
        const date = new Intl.DateTimeFormat("en",
            { month: "short", day: "numeric" }).format(new Date(`${day.date}T00:00`));
        await told.getByText(date, { exact: true }).waitFor();
        const [name, of] = second;
        assert.equal((await told.innerText()).replace(/\s+/g, " "),
            `${date} Requests ${day.requests.toLocaleString("en")} ` +
            `${name} ${of(day)}`);
    }
}

// The line of a row: each day as high as its part of the highest.
export async function assertLine(line, values) {
    const most = Math.max(...values);
    const points = (await line.locator("polyline").getAttribute("points"))
        .split(" ").map((point) => point.split(",").map(Number));
    assert.equal(points.length, values.length);
    const heights = points.map(([, y]) => y);
    const [top, bottom] = [Math.min(...heights), Math.max(...heights)];
    for (const [index, value] of values.entries()) {
        const part = (bottom - heights[index]) / (bottom - top);
        assert.ok(Math.abs(part - value / most) < 0.01,
            `day ${index}: ${part} of the height, ${value} of ${most}`);
    }
}

// The sum of a field of whole numbers.
export const sumOf = (days, field) =>
    days.reduce((sum, day) => sum + day[field], 0);

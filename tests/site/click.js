// SPDX-License-Identifier: MIT
// node click.js [--all] SITE [REPORT]: opens the pages of the site in a headless Chromium, wide and light, narrow as on a
// telephone and dark (--all: each width in both), and clicks on what can be clicked. REPORT: a page of tools/bench.sh
// report, tested as that of the site.
"use strict";
const assert = require("assert");
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const { chromium } = require("playwright-core");

const all = process.argv.includes("--all");
const [, , siteName, report] = process.argv.filter(argument => argument !== "--all");
const site = path.resolve(siteName);
const SIZES = [{ width: 1280, height: 900 }, { width: 390, height: 844 }];
const LOOKS = [[SIZES[0], "light"], [SIZES[1], "dark"], ...(all ? [[SIZES[0], "dark"], [SIZES[1], "light"]] : [])];
let passed = 0;

async function test(name, body) {
  try {
    await body();
    ++passed;
  } catch (error) {
    console.error(`failed: ${name}\n${error.stack}`);
    process.exitCode = 1;
  }
}

async function opened(browser, file, viewport, colorScheme = "light") {
  const context = await browser.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", error => page.faults.push(error.message));
  page.on("console", message => message.type() === "error" && page.faults.push(message.text()));
  // Going on to the next page aborts what this one still loads.
  page.on("requestfailed", request => request.failure().errorText !== "net::ERR_ABORTED" && page.faults.push(request.url()));
  page.on("request", request => /^https?:/.test(request.url()) && page.faults.push("asks the network for " + request.url()));
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  return page;
}

// The luminance of a CSS colour, 0 to 1.
const LIGHTNESS = `colour => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number); return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255; }`;

async function everyPage(browser) {
  // The reference is made by one rule, so a few of its pages stand for all.
  const pages = fs.readdirSync(site).filter(name => name.endsWith(".html") && !/^(dir_|functions|namespacemembers|globals|classes|graph)|^examples_|-members|_8hpp|(class|struct)perturb/.test(name));
  pages.push("examples_ring_plan.html", "classperturb_1_1HashTable.html", "classperturb_1_1HashRing.html", "structperturb_1_1Balance.html", "hash__table_8hpp.html");
  for (const [size, scheme] of LOOKS) {
    const page = await opened(browser, path.join(site, pages[0]), size, scheme);
    for (const name of pages) {
      await test(`${name} at ${size.width}, ${scheme}`, async () => {
        page.faults.length = 0;
        await page.goto(pathToFileURL(path.join(site, name)).href, { waitUntil: "load" });
        const seen = await page.evaluate(lightness => {
          const images = [...document.images].filter(i => i.loading !== "lazy");
          return {
            wider: document.documentElement.scrollWidth - innerWidth,
            broken: images.filter(i => i.complete && i.naturalWidth === 0).map(i => i.src),
            back: (0, eval)(lightness)(getComputedStyle(document.body).backgroundColor),
          };
        }, LIGHTNESS);
        assert.ok(seen.wider <= 0, `is ${seen.wider} pixels wider than the window`);
        assert.deepStrictEqual(seen.broken, []);
        assert.ok(scheme === "dark" ? seen.back < 0.3 : seen.back > 0.7, `has a background of lightness ${seen.back}`);
        assert.deepStrictEqual(page.faults, []);
      });
    }
    await page.context().close();
  }
}

// The members of internal bases are shown as those of the class, also where the base is a template's argument.
async function reference() {
  const members = {
    HashTable: ["find", "insert", "merge", "erase_if", "get_or", "set_default", "find_batch", "bucket_count", "reserve"],
    HashSet: ["find", "insert", "insert_batch", "erase"],
    OrderedHashTable: ["find", "insert", "get_or", "items", "move_to_end", "nth", "sort"],
    OrderedHashSet: ["find", "insert", "pop_front", "entries"],
    profiles_1_1NginxRing: ["add_server", "find_server", "warnings"],
  };
  for (const [name, expected] of Object.entries(members)) {
    await test(`the reference of ${name} has the members of its bases`, async () => {
      const text = fs.readFileSync(path.join(site, `classperturb_1_1${name}-members.html`), "utf8");
      for (const member of expected) assert.match(text, new RegExp(`>${member}<`), member);
    });
  }
  await test("what noexcept depends on is not taken for qualifiers", async () => {
    for (const name of fs.readdirSync(site).filter(name => /^class.*\.html$/.test(name))) {
      const text = fs.readFileSync(path.join(site, name), "utf8");
      assert.doesNotMatch(text, /<td> const *&amp;&amp;/, name);
    }
    const table = fs.readFileSync(path.join(site, "classperturb_1_1HashTable.html"), "utf8");
    assert.match(table, />HashTable<\/a> <\/td>\s*<td>\(<\/td>\s*<td class="paramname"><\/td><td>\)<\/td>\s*<td><\/td>/);
  });
}

async function markup() {
  await test("no page shows its markup", async () => {
    for (const name of fs.readdirSync(site).filter(name => name.endsWith(".html"))) {
      const text = fs.readFileSync(path.join(site, name), "utf8").replace(/<script[^]*?<\/script>|<div class="line">.*/g, "");
      const found = text.match(/&amp;#?\w+;|&lt;\/?(?:code|b|tt|strong)&gt;|[@\\](?:ref|subpage|par|section)\b|\*\*\w|[\x01\x02]/);
      assert.ok(!found, `${name}: ${found && text.slice(found.index - 60, found.index + 60)}`);
    }
  });
}

async function search(browser) {
  await test("the search finds a member, without a server", async () => {
    const page = await opened(browser, path.join(site, "index.html"), SIZES[0]);
    await page.fill("#MSearchField", "find_batch");
    await page.press("#MSearchField", "ArrowDown");
    const results = page.frameLocator("#MSearchResults");
    await results.locator(".SRResult", { hasText: "find_batch" }).first().waitFor({ state: "visible", timeout: 5000 });
    await page.context().close();
  });
  await test("the switch makes a light page dark", async () => {
    const page = await opened(browser, path.join(site, "index.html"), SIZES[0]);
    await page.click("doxygen-awesome-dark-mode-toggle");
    const back = await page.evaluate(`(${LIGHTNESS})(getComputedStyle(document.body).backgroundColor)`);
    assert.ok(back < 0.3);
    await page.context().close();
  });
}

async function benchmarks(browser, file, size) {
  const values = page => page.$$eval("#values tr[data-table]:not(.off)", rows => rows.map(r => [r.dataset.table, r.lastChild.textContent]));
  const name = `${path.basename(file)} at ${size.width}`;
  await test(`${name}: values are read where the pointer is`, async () => {
    const page = await opened(browser, file, size);
    const before = await page.textContent("#at");
    const box = await (await page.$("#chart .u-over")).boundingBox();
    await page.mouse.move(box.x + 2, box.y + box.height / 2);
    await page.waitForTimeout(100);
    assert.notStrictEqual(await page.textContent("#at"), before);
    const shown = await values(page);
    assert.ok(shown.length > 3 && shown.some(([table]) => table === "perturb"));
    // The first size of the data, and its values.
    const data = JSON.parse(await page.textContent("#data"));
    const lines = Object.values(data.kinds[0].workloads)[0];
    for (const [table, value] of shown) assert.ok(Math.abs(parseFloat(value) / lines[table][0][0] - 1) < 0.02, table);
    assert.ok(parseFloat(await page.textContent("#ratio td:last-child")) > 0);
    // Both axes have numbers: they are drawn, so what is drawn is caught.
    const drawn = await page.evaluate(() => {
      const texts = [], fillText = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) { texts.push(text); return fillText.call(this, text, ...rest); };
      document.getElementById("scale").click();
      document.getElementById("scale").click();
      return new Promise(done => setTimeout(() => done(texts), 200));
    });
    assert.ok(drawn.filter(text => / k$/.test(text)).length >= 3 && drawn.filter(text => /^\d+$/.test(text)).length >= 3, drawn.join(" "));
    await page.context().close();
  });
  await test(`${name}: workload, measure, peers and scale are switched`, async () => {
    const page = await opened(browser, file, size);
    const start = JSON.stringify(await values(page));
    await page.selectOption("#workload", { index: 2 });
    const other = JSON.stringify(await values(page));
    assert.notStrictEqual(other, start);
    assert.match(page.url(), /workload=/);
    await page.click("#peers");
    assert.deepStrictEqual((await values(page)).map(([table]) => table), ["perturb"]);
    await page.click("#peers");
    await page.click("#scale");
    assert.strictEqual(await page.textContent("#scale"), "linear");
    await page.click("#spread");
    await page.click('#values tr[data-table]:not(.ours) input');
    assert.strictEqual((await values(page)).length, JSON.parse(other).length - 1);
    if (!(await page.$eval("#measure", m => m.options[1].disabled))) {
      await page.selectOption("#measure", "bytes");
      assert.ok((await values(page)).length > 3);
    }
    const address = page.url();
    await page.goto("about:blank");
    await page.goto(address);
    assert.strictEqual(await page.textContent("#scale"), "linear");
    const kinds = await page.$$eval("#kind option", o => o.length);
    if (kinds > 1) {
      await page.selectOption("#kind", { index: kinds - 1 });
      assert.match(page.url(), /kind=/);
    }
    assert.deepStrictEqual(page.faults, []);
    await page.context().close();
  });
}

async function ring(browser, size) {
  const shares = page => page.$$eval("#nodes tr", rows => Object.fromEntries(rows.map(r => [r.dataset.node, parseFloat(r.cells[2].textContent)])));
  const moved = async page => parseFloat(await page.textContent("#center"));
  await test(`the ring at ${size.width}: nodes are added, weighed, stopped and removed`, async () => {
    const page = await opened(browser, path.join(site, "ring-play.html"), size);
    await page.waitForSelector("body[data-ready]");
    const four = await shares(page);
    assert.strictEqual(Object.keys(four).length, 4);
    assert.ok(Math.abs(Object.values(four).reduce((a, b) => a + b) - 100) < 0.1);
    // A new node takes what it has, and nothing else moves.
    await page.click("#addButton");
    const five = await shares(page);
    assert.ok(Math.abs(await moved(page) - five["cache-5"]) < 0.02);
    for (const node of Object.keys(four)) assert.ok(five[node] <= four[node]);
    assert.ok((await page.$$eval("#moves tr", rows => rows.map(r => r.cells[0].textContent))).every(text => text.endsWith("→ cache-5")));
    assert.ok(await page.$(".moved") && (await page.$$(".owned")).length === 5);
    // Another half of its weight.
    await page.click('tr[data-node="cache-5"] button:has-text("+")');
    const heavier = await shares(page);
    assert.ok(heavier["cache-5"] > five["cache-5"]);
    await page.click('tr[data-node="cache-5"] button:has-text("−")');
    assert.deepStrictEqual(await shares(page), five);
    // Down, and back: as before.
    await page.click('tr[data-node="cache-1"] button:has-text("stop")');
    assert.strictEqual((await shares(page))["cache-1"], 0);
    assert.ok(Math.abs(await moved(page) - five["cache-1"]) < 0.02);
    await page.click('tr[data-node="cache-1"] button:has-text("start")');
    assert.deepStrictEqual(await shares(page), five);
    await page.click('tr[data-node="cache-5"] button:has-text("×")');
    assert.deepStrictEqual(await shares(page), four);
    // More points, more even shares.
    const peak = async () => Math.max(...Object.values(await shares(page)));
    const uneven = await peak();
    await page.selectOption("#placement", "4");
    assert.ok(await peak() < uneven && await peak() < 26);
    // A key is found, and has the owner that the library says.
    await page.fill("#key", "user:7");
    assert.match(await page.textContent("#owner"), /^is on cache-\d, and if that is down, on cache-\d/);
    // Without nodes.
    for (const node of Object.keys(four)) await page.click(`tr[data-node="${node}"] button:has-text("×")`);
    assert.strictEqual(await page.textContent("#owner"), "has no node");
    // The same owners as in the guide, whose program is compiled for this machine.
    await page.selectOption("#placement", "3");
    for (const node of ["a", "b", "c", "d"]) {
      await page.fill("#name", node);
      await page.click("#addButton");
    }
    await page.fill("#key", "user:42");
    const guide = fs.readFileSync(path.join(__dirname, "../examples/guides/replicas.txt"), "utf8");
    const [, owner, next] = guide.match(/^on (.), then on (.)\n/);
    assert.ok((await page.textContent("#owner")).startsWith(`is on ${owner}, and if that is down, on ${next}`));
    for (const node of ["a", "b", "c", "d"]) await page.click(`tr[data-node="${node}"] button:has-text("×")`);
    // A name as long as names can be does not push the buttons out of the page.
    await page.fill("#name", "cache-1.eu.example.org:1");
    await page.click("#addButton");
    await page.click("tr[data-node] button:has-text('+')");
    await page.click("tr[data-node] button:has-text('stop')");
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.click("tr[data-node] button:has-text('×')");
    await page.fill("#name", 'a "name" <b>');
    await page.click("#addButton");
    assert.deepStrictEqual(await shares(page), { 'a "name" <b>': 100 });
    assert.deepStrictEqual(page.faults, []);
    await page.context().close();
  });
}

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
  await everyPage(browser);
  await reference();
  await markup();
  await search(browser);
  for (const size of SIZES) {
    await benchmarks(browser, path.join(site, "benchmarks.html"), size);
    if (report) await benchmarks(browser, path.resolve(report), size);
    await ring(browser, size);
  }
  await browser.close();
  console.log(`${passed} passed` + (process.exitCode ? ", some failed" : ", 0 failed"));
})();

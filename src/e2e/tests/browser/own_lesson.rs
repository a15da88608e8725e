//! A lesson of one's own: opened or dropped, told what is wrong line by line, played, and harmless whatever it says.

use std::fs;

use anyhow::{Context, Result, ensure};
use e2e::Page;
use serde_json::{Value, json};
use thirtyfour::By;

/// Every place of a lesson that the page shows text from; `@` stands for a text in quotation
/// marks, `%` for one without.
const LESSON: &str = r#"+++
title = @
summary = @
scenario = "queueing_lab"
minutes = 1
open = ["arrivals_per_s"]
[start]
arrivals_per_s = 12
[cast]
ann = "%, on call"
+++

%

## %

%

```scene
watch = ["waiting"]
begin = 0
until = "00:01:00"
solution = ["00:00:01 servers=4"]
taught = ["servers"]
unlock = ["servers"]
```

```chat
who = "ann"
when = "00:00:00"
says = @
```

```predict
question = @
after = @
[[option]]
text = @
because = @
test = "waiting at 00:01:00 >= 1"
answer = true
[[option]]
text = @
because = @
test = "waiting at 00:01:00 <= 0"
```

```observe
question = @
[[statement]]
text = @
test = "waiting at 00:01:00 >= 1"
because = @
[[statement]]
text = @
test = "waiting at 00:01:00 <= 0"
because = @
```

```explain
question = @
ours = @
```

```vote
question = @
[[option]]
text = @
inputs = ["00:01:00 servers=2"]
says = @
[[option]]
text = @
says = @
```

```goal
text = @
test = "mean waiting from 00:08:00 to 00:10:00 <= 5"
hints = [@, @]
```

## %

%

```debrief
impact = [{ label = @, measure = "done at 00:10:00" }]
factors = [@]
went_well = [{ text = @, test = "waiting at 00:10:00 <= 20" }]
luck = [{ text = @, test = "cleared at 00:10:00 <= 0" }]
commit = [{ text = @ }]
actions = [{ do = @, owner = @ }]
```

```quiz
question = @
[[option]]
text = @
because = @
[[option]]
text = "right"
because = @
answer = true
```

```challenge
text = @
start = { arrivals_per_s = 30 }
tests = ["mean waiting from 00:09:00 to 00:10:00 <= 10"]
par = 1
solution = ["servers=8"]
```
"#;

const PAYLOADS: [&str; 20] = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg onload=window.pwned=1>",
    "<svg/onload=window.pwned=1//",
    "javascript:window.pwned=1",
    "<a href=javascript:window.pwned=1>x</a>",
    "[x](javascript:window.pwned=1)",
    "[x](data:text/html,<script>window.pwned=1</script>)",
    "![x](x\" onerror=\"window.pwned=1)",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "\"><script>window.pwned=1</script>",
    "'-(window.pwned=1)-'",
    "</script><script>window.pwned=1</script>",
    "<details open ontoggle=window.pwned=1>",
    "<math><mtext><script>window.pwned=1</script>",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "{{constructor.constructor('window.pwned=1')()}}",
    "<input autofocus onfocus=window.pwned=1>",
    "<object data=javascript:window.pwned=1></object>",
    "<template><script>window.pwned=1</script></template>",
];

/// The lesson with another payload at each place, and how many places there are. Marks that a lesson refuses are
/// shown beside what is wrong with them; as `code` it takes them, and shows them in the lesson.
fn hostile(turn: usize, as_code: bool) -> Result<(String, usize)> {
    let mut places = 0;
    let mut next = || {
        places += 1;
        let payload = PAYLOADS[(places * 7 + turn) % PAYLOADS.len()];
        if as_code { format!("`{payload}`") } else { payload.to_owned() }
    };
    let mut text = String::new();
    for piece in LESSON.split_inclusive(['@', '#', '%']) {
        let rest = piece.trim_end_matches(['@', '#', '%']);
        text.push_str(rest);
        match &piece[rest.len()..] {
            "@" => text.push_str(&serde_json::to_string(&next())?),
            "%" => text.push_str(&next()),
            other => text.push_str(other),
        }
    }
    Ok((text, places))
}

async fn open(page: &Page, folder: &std::path::Path, file: impl AsRef<[u8]>) -> Result<()> {
    let path = folder.join("own.md");
    fs::write(&path, file)?;
    let input = page
        .until("the field for files", async || {
            Ok(page.driver().find_all(By::Css("#desk input[type=file]")).await?.into_iter().next())
        })
        .await?;
    input.send_keys(path.to_str().context("a path of text")?).await?;
    Ok(())
}

async fn is_harmless(page: &Page) -> Result<()> {
    let found = "return { pwned: window.pwned ?? null, bad: [...document.querySelectorAll(
            'script:not([src]), iframe, object, embed, img, math, template, [onerror], [onload], [onfocus], a[href^=\"javascript:\"], a[href^=\"data:\"]')]
        .map((element) => element.outerHTML.slice(0, 80)) }";
    let found = page.script(found, vec![]).await?;
    ensure!(found == json!({ "pwned": null, "bad": [] }), "{found}");
    Ok(())
}

#[test]
fn nothing_that_a_lesson_says_runs_as_script() -> Result<()> {
    let folder = tempfile::tempdir()?;
    e2e::visit("own-hostile", async |page| {
        let (mut tried, mut played) = (0, 0);
        for turn in 0..10 {
            let (text, places) = hostile(turn, turn % 2 == 0)?;
            tried += places;
            page.open("#/learn/own").await?;
            page.find("heading", "War Stories").await?;
            open(page, folder.path(), &text).await?;
            let is_ready = page
                .until("an answer", async || {
                    let text = page.text().await?;
                    let is_told = text.contains("not right:") || text.contains("All its claims hold.");
                    Ok(is_told.then_some(text.contains("Play it")))
                })
                .await?;
            is_harmless(page).await?;
            if is_ready {
                played += 1;
                page.click("link", "Play it").await?;
                page.see("STEP 1 OF 2").await?;
                // One question after the other comes into sight, and the goal after the last.
                let buttons =
                    ["Lock in and run", "Check against the run", "Compare with ours", "Cast the vote"];
                for (question, button) in buttons.into_iter().enumerate() {
                    // The first option of a question or of each statement, and a sentence.
                    let answer = "const ask = document.querySelectorAll('.ask')[arguments[0]];
                        const groups = ask.querySelectorAll('fieldset');
                        for (const group of groups.length ? groups : [ask]) group.querySelector('input')?.click();
                        const words = ask.querySelector('textarea');
                        if (words) words.value = '<img src=x onerror=window.pwned=1>';";
                    page.until("a question", async || {
                        let asked =
                            page.script("return document.querySelectorAll('.ask').length", vec![]).await?;
                        Ok((asked.as_u64() > Some(question as u64)).then_some(()))
                    })
                    .await?;
                    page.script(answer, vec![question.into()]).await?;
                    page.click("button", button).await?;
                    if button == "Compare with ours" {
                        page.click("button", "Partly").await?;
                    }
                }
                page.click("button", "Give me a hint").await?;
                is_harmless(page).await?;
                page.click("button", "Next").await?;
                page.see("STEP 2 OF 2").await?;
                is_harmless(page).await?;
            }
        }
        ensure!(tried >= 200 && played >= 5, "{tried} payloads in all, {played} lessons played");
        // An address can be made by a stranger, too.
        for payload in PAYLOADS {
            page.open(&format!("#/learn/{payload}")).await?;
            page.until("an answer", async || {
                let said = "return document.querySelector('#notice p') !== null";
                Ok((page.script(said, vec![]).await? == true).then_some(()))
            })
            .await?;
            is_harmless(page).await?;
        }
        Ok(())
    })
}

const SMALL: &str = r#"+++
title = "A small one"
summary = "For a class."
scenario = "queueing_lab"
minutes = 1
[start]
arrivals_per_s = 12
+++

## Watch

It grows.

```scene
watch = ["waiting"]
begin = 0
until = "00:01:00"
```

```predict
question = "How many wait?"
[[option]]
text = "None"
because = "More come than can go."
test = "waitin at 00:01:00 <= 1"
[[option]]
text = "Many"
because = "Two more come each second than can go."
test = "waiting at 00:01:00 >= 50"
answer = true
```

```observe
question = "What did you see?"
[[statement]]
text = "The queue grew."
test = "waiting at 00:01:00 >= 50"
holds = true
because = "It did."
[[statement]]
text = "Nobody was served."
test = "done at 00:01:00 <= 0"
because = "Most were."
```

```explain
question = "Why does it grow?"
ours = "More come than can go."
```

```challenge
text = "Let nobody wait long."
tests = ["mean sojourn_ms at 00:10:00 <= 200"]
par = 1
solution = ["servers=3"]
```
"#;

#[test]
fn a_teacher_mends_a_lesson_by_what_the_page_says_and_plays_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    e2e::visit("own", async |page| {
        page.open("").await?;
        page.click("link", "open a lesson of your own").await?;
        page.see("It stays on this machine").await?;
        open(page, folder.path(), SMALL).await?;
        page.see("One thing in it is not right:").await?;
        // The line, what it says, and the cure.
        page.see("25:").await?;
        page.see("test = \"waitin at 00:01:00 <= 1\"").await?;
        page.see("did you mean \"waiting\"").await?;
        page.screenshot("own-faults").await?;
        page.assert_accessible().await?;
        // Saved in the wrong encoding: no letter is put in the place of one that cannot be read.
        open(
            page,
            folder.path(),
            SMALL
                .replace("It grows.", "Gr\u{1}sse")
                .bytes()
                .map(|byte| if byte == 1 { 0xfc } else { byte })
                .collect::<Vec<_>>(),
        )
        .await?;
        page.see("12:").await?;
        page.see("a character here is not UTF-8").await?;
        // Read, but its claim does not hold: it may be played all the same.
        let claims_wrong = SMALL.replace("waitin ", "waiting ").replace(">= 50", ">= 5000");
        open(page, folder.path(), &claims_wrong).await?;
        page.see("the answer of the prediction does not come true").await?;
        // Dropped instead of opened.
        let mended = SMALL.replace("waitin ", "waiting ");
        let drop = "const data = new DataTransfer();
            data.items.add(new File([arguments[0]], 'small.md', { type: 'text/markdown' }));
            const drop = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
            return document.querySelector('.drop').dispatchEvent(drop)";
        let is_left_to_the_browser = page.script(drop, vec![Value::String(mended)]).await?;
        ensure!(is_left_to_the_browser == false, "the browser would leave the page for the file");
        page.see("All its claims hold.").await?;
        page.click("link", "Play it").await?;
        page.find("heading", "Watch").await?;
        page.see("How many wait?").await?;
        // Ten megabytes are refused in one sentence.
        page.open("#/learn/own").await?;
        page.find("heading", "War Stories").await?;
        open(page, folder.path(), &"x".repeat(10 * 1024 * 1024)).await?;
        page.see("One thing in it is not right:").await?;
        Ok(())
    })
}

//! Findings in rows and columns, each a link to the run that it comes from.

use warstories_sim::exhibit::{Finding, Table};
use yew::prelude::*;

use crate::browser::address;

/// Columns whose heads have room side by side.
const FEW: usize = 5;

/// The table called `title`; its links open beside this page where `beside`.
pub fn table(title: &'static str, table: &Table, beside: bool) -> Html {
    html! {
        <>
            <p>{ &table.legend }{ " Each entry " }{ how(beside) }{ "." }</p>
            <div class="scroll" tabindex="0" role="region" aria-label={title}>
                <table class={(table.columns.len() > FEW).then_some("many")}>
                    <caption class="unseen">{ title }</caption>
                    <thead><tr><td>{ &table.axis }</td>{ for table.columns.iter().map(|column| html! { <th scope="col">{ column }</th> }) }</tr></thead>
                    <tbody>{ for table.rows.iter().enumerate().map(|(row, each)| html! {
                        <tr>
                            <th scope="row">{ &each.head }</th>
                            { for each.cells.iter().enumerate().map(|(column, findings)| {
                                let here = table.here == Some((row, column));
                                html! { <td class={here.then_some("here")} aria-current={here.then_some("true")}>{ cell(findings, &table.findings, beside) }</td> }
                            }) }
                        </tr>
                    }) }</tbody>
                </table>
            </div>
        </>
    }
}

fn cell(findings: &[Finding], of: &[String], beside: bool) -> Html {
    if findings.is_empty() {
        return html! { "–" };
    }
    let each = |(index, (finding, of)): (usize, (&Finding, &String))| {
        html! {
            <>
                if index > 0 { { " / " } }
                { link(finding, of, beside) }
            </>
        }
    };
    findings.iter().zip(of).enumerate().map(each).collect()
}

/// A finding of `of` as a link to its run, where it has one, which opens beside this page where `beside`.
pub fn link(Finding { text, words, link }: &Finding, of: &str, beside: bool) -> Html {
    if link.is_empty() {
        return html! { text };
    }
    html! {
        <a href={address::play(link)} target={beside.then_some("_blank")}>{ text }<span class="unseen">{ format!(": {words} ({of}); {}", how(beside)) }</span></a>
    }
}

fn how(beside: bool) -> &'static str {
    if beside { "opens its run in a new tab" } else { "opens its run" }
}

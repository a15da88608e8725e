//! What a learner sorts into groups: each item is a chip, which is pressed or dragged into another group. Enter and the space bar
//! press it, the arrow keys go from chip to chip, and all of them are one stop of the Tab key.

use gloo::utils::document;
use warstories_sim::exhibit::{Group, Sorting};
use web_sys::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, PointerEvent};
use yew::prelude::*;

use crate::run::session::Action;

/// So many CSS pixels a pointer goes before it drags what it has pressed.
const SLACK: i32 = 5;

/// What is sorted, and how.
#[derive(PartialEq, Properties)]
pub struct SorterProps {
    /// The groups and the items.
    pub sorting: Sorting,
    /// Whether items may be moved at present.
    pub is_open: bool,
    /// Called when the learner moves one.
    pub act: Callback<Action>,
}

/// A panel of chips.
pub struct Sorter {
    panel: NodeRef,
    /// The item that the Tab key comes to.
    current: usize,
    /// The item whose chip takes the focus once it is drawn.
    focus: Option<usize>,
    drag: Option<Drag>,
    /// Whether the pointer has dragged: lifting it is no press.
    has_dragged: bool,
    /// The item that was moved last, and the group that it went to.
    moved: Option<(usize, usize)>,
}

/// A chip that a pointer holds.
struct Drag {
    item: usize,
    chip: HtmlElement,
    pointer: i32,
    from: (i32, i32),
    is_moving: bool,
    over: Option<usize>,
}

/// What happens to the panel.
pub enum Msg {
    /// An item is pressed; the flag tells whether by a pointer.
    Press(usize, bool),
    /// The focus goes on from the current item by so many.
    Step(isize),
    /// A pointer comes down, moves, or is lifted.
    Pointer(PointerEvent),
    /// What is dragged goes back to where it was.
    Cancel,
}

impl Component for Sorter {
    type Message = Msg;
    type Properties = SorterProps;

    fn create(ctx: &Context<Self>) -> Self {
        let current = ctx.props().sorting.order().first().copied().unwrap_or_default();
        Self { panel: NodeRef::default(), current, focus: None, drag: None, has_dragged: false, moved: None }
    }

    fn changed(&mut self, ctx: &Context<Self>, before: &SorterProps) -> bool {
        // A chip is drawn anew in another group, and the focus goes with it.
        self.focus =
            document().active_element().filter(|active| self.holds(active)).and_then(|active| item(&active));
        let SorterProps { sorting, is_open, .. } = ctx.props();
        let group = |sorting: &Sorting, drag: &Drag| sorting.items.get(drag.item).map(|item| item.group);
        // What the run itself has moved meanwhile is no longer in hand.
        if self
            .drag
            .as_ref()
            .is_some_and(|drag| !is_open || group(sorting, drag) != group(&before.sorting, drag))
        {
            self.drop_it();
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        let SorterProps { sorting, .. } = ctx.props();
        match msg {
            Msg::Press(item, by_pointer) => {
                if !std::mem::take(&mut self.has_dragged) || !by_pointer {
                    let group = sorting.items.get(item).map_or(0, |item| item.group + 1);
                    self.enter(item, group % sorting.groups.len().max(1), ctx);
                }
            }
            Msg::Step(by) => {
                let order = sorting.order();
                let at = order.iter().position(|item| *item == self.current).unwrap_or_default();
                let next = at.saturating_add_signed(by).min(order.len().saturating_sub(1));
                self.current = order.get(next).copied().unwrap_or_default();
                self.focus = Some(self.current);
            }
            Msg::Pointer(event) => return self.point(&event, ctx),
            Msg::Cancel => {
                let dropped = self.drop_it();
                self.has_dragged |= dropped.is_some();
                return dropped.is_some();
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let SorterProps { sorting, is_open, .. } = ctx.props();
        let link = ctx.link();
        let pointer = link.callback(Msg::Pointer);
        let press = link.batch_callback(|event: MouseEvent| {
            let target = event.target_dyn_into::<Element>()?;
            Some(Msg::Press(item(&target)?, event.detail() > 0))
        });
        let key = link.batch_callback(|event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() {
                return None;
            }
            let msg = match event.key().as_str() {
                "ArrowRight" | "ArrowDown" => Msg::Step(1),
                "ArrowLeft" | "ArrowUp" => Msg::Step(-1),
                "Home" => Msg::Step(isize::MIN),
                "End" => Msg::Step(isize::MAX),
                "Escape" => return Some(Msg::Cancel),
                _ => return None,
            };
            item(&event.target_dyn_into::<Element>()?)?;
            // Elsewhere on the page the arrow keys move time.
            event.prevent_default();
            event.stop_propagation();
            Some(msg)
        });
        let moved = self.moved.and_then(|(item, group)| {
            let moved = sorting.items.get(item).filter(|item| item.group == group)?;
            Some(format!("{} {}.", moved.name, sorting.groups.get(group)?.said))
        });
        html! {
            // Without chips to be pressed it may scroll, and the keyboard must reach it.
            <section ref={self.panel.clone()} class="card exhibit sorter" aria-labelledby="sorter"
                tabindex={(!is_open).then_some("0")} onclick={press} onkeydown={key} onpointerdown={&pointer} onpointermove={&pointer}
                onpointerup={&pointer} onpointercancel={&pointer} onlostpointercapture={pointer}>
                <header>
                    <h2 id="sorter">{ sorting.title }</h2>{ " " }
                    if *is_open {
                        <small>{ format!("Press a {}, or drag it, to move it.", sorting.item) }<span class="unseen">{ " The arrow keys go from one to the next." }</span></small>
                    }
                </header>
                <div class="groups">{ for sorting.groups.iter().enumerate().map(|(at, group)| self.group(at, group, ctx)) }</div>
                if sorting.items.iter().any(|item| item.is_aside) {
                    <p class="of-aside"><span class="chip aside" aria-hidden="true"></span>{ sorting.aside }</p>
                }
                <p role="status" class="unseen">{ moved }</p>
            </section>
        }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if let Some(chip) = self.focus.take().and_then(|item| self.find(&format!("[data-item=\"{item}\"]"))) {
            let _ = chip.focus();
        }
    }
}

impl Sorter {
    fn group(&self, at: usize, group: &Group, ctx: &Context<Self>) -> Html {
        let SorterProps { sorting, is_open, .. } = ctx.props();
        let own = || sorting.items.iter().enumerate().filter(|(_, item)| item.group == at);
        let drag = self.drag.as_ref().filter(|drag| drag.is_moving);
        let may_take =
            drag.is_some_and(|drag| sorting.items.get(drag.item).is_some_and(|item| item.group != at));
        let takes = may_take && drag.is_some_and(|drag| drag.over == Some(at));
        html! {
            <div key={at} class={classes!("group", may_take.then_some("may-take"), takes.then_some("takes"))} data-group={at.to_string()}>
                <h3 id={format!("group-{at}")}>{ group.name }{ " " }<small class="num">{ own().count() }</small></h3>
                <ul aria-labelledby={format!("group-{at}")}>{ for own().map(|(index, item)| {
                    let is_held = drag.is_some_and(|drag| drag.item == index);
                    let class = classes!("chip", item.is_aside.then_some("aside"), is_held.then_some("held"));
                    let name = html! { <>{ item.name }if item.is_aside { <span class="unseen">{ ", " }{ sorting.aside }</span> }</> };
                    html! {
                        <li key={index}>
                            if *is_open {
                                <button type="button" {class} data-item={index.to_string()} tabindex={if index == self.current { "0" } else { "-1" }}>{ name }</button>
                            } else {
                                <span {class}>{ name }</span>
                            }
                        </li>
                    }
                }) }</ul>
            </div>
        }
    }

    /// The learner moves an item into a group.
    fn enter(&mut self, item: usize, group: usize, ctx: &Context<Self>) {
        let SorterProps { sorting, act, .. } = ctx.props();
        self.current = item;
        if let Some(text) = sorting.entry(item, group) {
            self.moved = Some((item, group));
            act.emit(Action::Write { field: sorting.field, text: text.into() });
        }
    }

    /// A pointer does something; tells whether that is to be seen.
    fn point(&mut self, event: &PointerEvent, ctx: &Context<Self>) -> bool {
        let at = (event.client_x(), event.client_y());
        if event.type_() == "pointerdown" {
            self.has_dragged = false;
            let chip =
                event.target_dyn_into::<Element>().and_then(|target| target.closest(".chip").ok().flatten());
            let held = chip.and_then(|chip| Some((item(&chip)?, chip.dyn_into::<HtmlElement>().ok()?)));
            if let Some((item, chip)) = held.filter(|_| event.is_primary() && event.button() == 0) {
                // Where a button takes no focus by a press, Escape would not come here.
                let _ = chip.focus();
                let _ = chip.set_pointer_capture(event.pointer_id());
                self.current = item;
                let pointer = event.pointer_id();
                self.drag = Some(Drag { item, chip, pointer, from: at, is_moving: false, over: None });
            }
            return true;
        }
        let over = self.group_at(at);
        let Some(drag) = self.drag.as_mut().filter(|drag| drag.pointer == event.pointer_id()) else {
            return false;
        };
        let by = (at.0 - drag.from.0, at.1 - drag.from.1);
        match event.type_().as_str() {
            "pointermove" if drag.is_moving || by.0.abs().max(by.1.abs()) > SLACK => {
                let _ = drag
                    .chip
                    .style()
                    .set_property("transform", &format!("translate({}px, {}px)", by.0, by.1));
                let is_new = !drag.is_moving || drag.over != over;
                (drag.is_moving, drag.over) = (true, over);
                is_new
            }
            "pointermove" => false,
            kind => {
                let is_lifted = kind == "pointerup";
                let Some(drag) = self.drop_it() else { return false };
                self.has_dragged = drag.is_moving;
                let was = ctx.props().sorting.items.get(drag.item).map(|item| item.group);
                if let Some(group) = over.filter(|group| is_lifted && drag.is_moving && was != Some(*group)) {
                    self.enter(drag.item, group, ctx);
                }
                true
            }
        }
    }

    /// Lets go of what is dragged: it is drawn where it belongs.
    fn drop_it(&mut self) -> Option<Drag> {
        let drag = self.drag.take()?;
        let _ = drag.chip.style().remove_property("transform");
        let _ = drag.chip.release_pointer_capture(drag.pointer);
        Some(drag)
    }

    /// The group at a point of the screen.
    fn group_at(&self, (x, y): (i32, i32)) -> Option<usize> {
        let groups = self.panel.cast::<Element>()?.query_selector_all("[data-group]").ok()?;
        (0..groups.length() as usize).find(|at| {
            let group = groups.item(*at as u32).and_then(|group| group.dyn_into::<Element>().ok());
            group.is_some_and(|group| {
                let place = group.get_bounding_client_rect();
                (place.left()..place.right()).contains(&x.into())
                    && (place.top()..place.bottom()).contains(&y.into())
            })
        })
    }

    fn holds(&self, element: &Element) -> bool {
        self.panel.cast::<Element>().is_some_and(|panel| panel.contains(Some(element)))
    }

    fn find(&self, selector: &str) -> Option<HtmlElement> {
        self.panel.cast::<Element>()?.query_selector(selector).ok().flatten()?.dyn_into().ok()
    }
}

/// The item whose chip an element is, or is a part of.
fn item(element: &Element) -> Option<usize> {
    element.closest("[data-item]").ok()??.get_attribute("data-item")?.parse().ok()
}

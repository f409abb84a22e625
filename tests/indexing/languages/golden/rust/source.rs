//! A small store, written to show what Rust says about names.

use std::collections::{hash_map::{self, Entry as Slot}, HashMap};
use super::tools::*;
pub use crate::shapes::Shape;
extern crate serde;

mod storage;

pub mod inner {
    pub fn helper() {}
}

/// Keeps shapes.
///
/// The second paragraph says more.
#[derive(Debug, Clone)]
pub struct Store<T: Shape> {
    pub items: Vec<T>,
    next: Option<Box<Store<T>>>,
}

struct Pair(u32, Shape);

pub enum Event {
    Opened,
    Moved(u32, Store<Square>),
    Closed { reason: Reason },
}

type Shapes = Vec<Square>;
const MAX: usize = 3;
static DEFAULT: Square = Square::new();

pub trait Area: Named + Sized {
    const UNIT: u32;
    type Output;
    fn area(&self) -> u32;
    fn describe(&mut self, other: &dyn Area) -> String {
        other.area();
        self.area().to_string()
    }
}

impl<T: Shape> Store<T> {
    const LIMIT: usize = 4;

    /// Makes one.
    #[inline]
    pub fn new(items: Vec<T>) -> Self {
        Self { items, next: None }
    }

    pub async fn find(&self, matches: impl Fn(&T) -> bool, store: &Arc<Mutex<Store<T>>>) -> Result<Square, Error> {
        let found = self.items.iter().find(|item| matches(item)).unwrap();
        let other: Store<T> = Store::new(vec![]);
        other.next.as_ref().unwrap().close().await?;
        store.lock().unwrap().close();
        self.items[0].draw();
        <Store<T> as Area>::area(&other);
        if let Some(next) = &self.next {
            next.close();
        }
        Ok(found)
    }
}

impl<T: Shape> Area for Store<T> {
    const UNIT: u32 = 1;
    type Output = u32;
    fn area(&self) -> u32 {
        self.items.len() as u32
    }
}

impl fmt::Display for other::Thing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.name(1))
    }
}

impl<T> Extra for T {
    fn extra(&self) {}
}

macro_rules! square {
    ($side:expr) => {
        Square::with_side($side)
    };
}

fn pick((left, right): (u32, Square), mut other: Square, Pair(a, b): Pair) -> Option<Square> {
    let made = square!(3);
    let kept = if left > 1 { right } else { other };
    for (index, each) in kept.parts.iter().enumerate() {
        each.draw();
    }
    match event() {
        Event::Moved(at, store) => store.close(),
        Event::Closed { reason } => reason.tell(),
        _ => {}
    }
    let grow = move |by: u32, shape: &Square| shape.grow(by);
    assert_eq!(Square::new().area(grow(1)), 2);
    other.handler = inner::helper;
    Some(made)
}

extern "C" {
    fn external(x: i32) -> i32;
}

#[tokio::test]
async fn works() {
    return pick((1, Square::new()), Square::new(), Pair(1, square!(1))).unwrap().draw();
}

fn broken( -> { }

fn after_the_error() { works(); }

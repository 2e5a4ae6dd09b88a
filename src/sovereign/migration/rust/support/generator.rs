//! Generators: a function that gives items and goes on where it stopped.
//!
//! `Iter::generate(|y: Yielder<T>| async move { y.give(value).await?; Ok(()) })` makes an iterator;
//! `Generator::<T, S, R>::new(|y: Yielder<T, Option<S>>| async move { let sent = y.give(value).await?; ...; Ok(result) })` one that is also sent values
//! and ends with a result: `send`, `next_item`, `throw`, `close`, `run` (`yield from`), `iter`. `give(...).await?` passes on
//! what `throw` and `close` raise. `yield from it` in a plain generator is `y.give_all(it).await?`.

use crate::{
    already_running, argument, hash_identity, Exc, Iter, Object, Source, GENERATOR_EXIT, RUNTIME_ERROR, STOP_ITERATION,
};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec;
use core::cell::{Cell, RefCell};
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// What passes between a generator and whoever runs it.
pub struct Channel<T, S> {
    given: Cell<Option<T>>,
    sent: Cell<Option<Result<S, Exc>>>,
}

/// The generator's end: gives items and gets what is sent.
pub struct Yielder<T, S = ()>(Rc<Channel<T, S>>);

impl<T, S> Clone for Yielder<T, S> {
    fn clone(&self) -> Self {
        Yielder(Rc::clone(&self.0))
    }
}

impl<T, S> Yielder<T, S> {
    /// `yield value`; what it stands for is what was sent, or raised here.
    pub fn give(&self, value: T) -> Given<T, S> {
        self.0.given.set(Some(value));
        Given { channel: Rc::clone(&self.0), is_handed_over: false }
    }
}

impl<T, S> Yielder<T, S> {
    /// `yield from items`.
    pub async fn give_all<I>(&self, items: I) -> Result<(), Exc>
    where
        I: IntoIterator<Item = Result<T, Exc>>,
    {
        for item in items {
            self.give(item?).await?;
        }
        Ok(())
    }
}

/// The moment between an item and what comes back.
pub struct Given<T, S> {
    channel: Rc<Channel<T, S>>,
    is_handed_over: bool,
}

impl<T, S> Unpin for Given<T, S> {}

impl<T, S> Future for Given<T, S> {
    type Output = Result<S, Exc>;
    fn poll(mut self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<Self::Output> {
        if !self.is_handed_over {
            self.is_handed_over = true;
            return Poll::Pending;
        }
        match self.channel.sent.take() {
            Some(sent) => Poll::Ready(sent),
            None => Poll::Pending,
        }
    }
}

/// What a step of a generator led to.
pub enum Step<T, R> {
    /// An item.
    Item(T),
    /// The end, with the result.
    End(R),
}

/// The code of a generator.
pub type GeneratorBody<R> = Pin<Box<dyn Future<Output = Result<R, Exc>>>>;

/// A generator's body and where it stands.
pub struct Running<T, S, R> {
    channel: Rc<Channel<T, S>>,
    body: Option<GeneratorBody<R>>,
    has_started: bool,
}

impl<T, S, R> Running<T, S, R> {
    /// A body that has not begun.
    pub fn new<F>(body: impl FnOnce(Yielder<T, S>) -> F) -> Self
    where
        F: Future<Output = Result<R, Exc>> + 'static,
    {
        let channel = Rc::new(Channel { given: Cell::new(None), sent: Cell::new(None) });
        let body = body(Yielder(Rc::clone(&channel)));
        Running { channel, body: Some(Box::pin(body)), has_started: false }
    }

    /// Go on with what is sent or raised; none when it has ended before.
    pub fn resume(&mut self, sent: Option<Result<S, Exc>>) -> Result<Option<Step<T, R>>, Exc> {
        let Some(body) = self.body.as_mut() else {
            return match sent {
                Some(Err(exc)) => Err(exc),
                _ => Ok(None),
            };
        };
        if !self.has_started {
            if let Some(Err(exc)) = sent {
                self.body = None;
                return Err(exc);
            }
            self.has_started = true;
        } else {
            self.channel.sent.set(sent);
        }
        match body.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => Ok(self.channel.given.take().map(Step::Item)),
            Poll::Ready(result) => {
                self.body = None;
                result.map(|result| Some(Step::End(result))).map_err(stop_within)
            }
        }
    }

    /// `close`: raise `GeneratorExit` inside; giving another item then is an error.
    pub fn close(&mut self) -> Result<(), Exc> {
        if !self.has_started {
            self.body = None;
        }
        if self.body.is_none() {
            return Ok(());
        }
        match self.resume(Some(Err(Exc::bare(&GENERATOR_EXIT)))) {
            Ok(Some(Step::Item(_))) => Err(Exc::new(&RUNTIME_ERROR, "generator ignored GeneratorExit")),
            Err(exc) if !exc.is(&GENERATOR_EXIT) && !exc.is(&STOP_ITERATION) => Err(exc),
            _ => Ok(()),
        }
    }
}

/// A `StopIteration` that leaves a generator's body becomes a `RuntimeError`.
pub fn stop_within(exc: Exc) -> Exc {
    if exc.is(&STOP_ITERATION) {
        return Exc::new(&RUNTIME_ERROR, "generator raised StopIteration").because(exc);
    }
    exc
}

impl<T, S, R> Drop for Running<T, S, R> {
    /// A generator that nothing holds any more runs its `finally` parts; what they raise is ignored.
    fn drop(&mut self) {
        let _ = self.close();
    }
}

impl<T> Source<T> for Running<T, (), ()> {
    fn step(&mut self) -> Result<Option<T>, Exc> {
        match self.resume(Some(Ok(())))? {
            Some(Step::Item(item)) => Ok(Some(item)),
            _ => Ok(None),
        }
    }
    fn throw(&mut self, exc: Exc) -> Result<Option<T>, Exc> {
        match self.resume(Some(Err(exc)))? {
            Some(Step::Item(item)) => Ok(Some(item)),
            _ => Ok(None),
        }
    }
    fn close(&mut self) -> Result<(), Exc> {
        Running::close(self)
    }
    fn has_begun(&self) -> bool {
        self.has_started
    }
}

impl<T: 'static> Iter<T> {
    /// A generator as an iterator.
    pub fn generate<F>(body: impl FnOnce(Yielder<T>) -> F) -> Self
    where
        F: Future<Output = Result<(), Exc>> + 'static,
    {
        Iter::from_source(Running::new(body))
    }
}

/// A generator that is sent values of `S` and ends with an `R`; a clone is the same generator.
pub struct Generator<T, S = (), R = ()>(Rc<RefCell<Running<T, Option<S>, R>>>);

impl<T, S, R> Clone for Generator<T, S, R> {
    fn clone(&self) -> Self {
        Generator(Rc::clone(&self.0))
    }
}

impl<T: 'static, S: 'static, R: 'static> Generator<T, S, R> {
    /// A generator whose body gets `None` for `next` and `Some(value)` for `send(value)`.
    pub fn new<F>(body: impl FnOnce(Yielder<T, Option<S>>) -> F) -> Self
    where
        F: Future<Output = Result<R, Exc>> + 'static,
    {
        Generator(Rc::new(RefCell::new(Running::new(body))))
    }
}

impl<T, S, R> Generator<T, S, R> {
    /// Go on with what is sent or raised.
    pub fn resume(&self, sent: Result<Option<S>, Exc>) -> Result<Option<Step<T, R>>, Exc> {
        self.0.try_borrow_mut().map_err(|_| already_running())?.resume(Some(sent))
    }

    /// `self.close()`.
    pub fn close(&self) -> Result<(), Exc> {
        self.0.try_borrow_mut().map_err(|_| already_running())?.close()
    }

    /// The next item, none at the end.
    pub fn step(&self) -> Result<Option<T>, Exc> {
        match self.resume(Ok(None))? {
            Some(Step::Item(item)) => Ok(Some(item)),
            _ => Ok(None),
        }
    }
}

impl<T, S, R: Object + 'static> Generator<T, S, R> {
    /// The item of a step, or `StopIteration` with the result.
    pub fn item_of(step: Option<Step<T, R>>) -> Result<T, Exc> {
        match step {
            Some(Step::Item(item)) => Ok(item),
            Some(Step::End(result)) if &*crate::repr_of(&result) != "None" => {
                Err(Exc::of(&STOP_ITERATION, vec![argument(result)]))
            }
            _ => Err(Exc::bare(&STOP_ITERATION)),
        }
    }

    /// `next(self)`.
    pub fn next_item(&self) -> Result<T, Exc> {
        Generator::<T, S, R>::item_of(self.resume(Ok(None))?)
    }

    /// `self.send(value)`.
    pub fn send(&self, value: S) -> Result<T, Exc> {
        if !self.0.try_borrow().map_err(|_| already_running())?.has_started {
            return Err(Exc::new(&crate::TYPE_ERROR, "can't send non-None value to a just-started generator"));
        }
        Generator::<T, S, R>::item_of(self.resume(Ok(Some(value)))?)
    }

    /// `self.send(value)` of a value that may be None.
    pub fn send_option(&self, value: Option<S>) -> Result<T, Exc> {
        match value {
            Some(value) => self.send(value),
            None => self.next_item(),
        }
    }

    /// `self.throw(exc)`.
    pub fn throw(&self, exc: Exc) -> Result<T, Exc> {
        Generator::<T, S, R>::item_of(self.resume(Err(exc))?)
    }
}

impl<T, S, R> Generator<T, S, R> {
    /// `result = yield from inner` inside another generator of the same items.
    pub async fn run(&self, outer: &Yielder<T, Option<S>>) -> Result<Option<R>, Exc> {
        let mut sent = Ok(None);
        loop {
            match self.resume(sent)? {
                Some(Step::Item(item)) => sent = outer.give(item).await,
                Some(Step::End(result)) => return Ok(Some(result)),
                None => return Ok(None),
            }
        }
    }
}

impl<T: 'static, S: 'static, R: 'static> Generator<T, S, R> {
    /// The same generator as an iterator.
    pub fn iter(&self) -> Iter<T> {
        let generator = self.clone();
        Iter::new(move || generator.step())
    }
}

impl<T, S, R> Object for Generator<T, S, R> {
    fn write_repr(&self, out: &mut String) {
        out.push_str("<generator object>");
    }
    fn equals(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
    fn hash(&self) -> u64 {
        hash_identity(&*self.0)
    }
    fn type_name(&self) -> &'static str {
        "generator"
    }
}

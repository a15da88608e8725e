//! What can be chosen: where workers die, and how handler, queue and mail service go about it.

use crate::choices;

choices! {
    /// The step of the handler at which workers die. A worker dies on entering it: earlier steps stand, this one has
    /// no effect.
    CrashStep {
        /// Nowhere.
        None = "none" "none",
        /// At the check, the claim, or the setting of the marker if it is absent.
        Check = "check" "check or claim",
        /// At the call to the mail service.
        Send = "send" "send",
        /// At the setting of the marker after the send.
        Mark = "mark" "mark or done",
        /// At the line that writes the log.
        Log = "log" "log",
        /// At the call that deletes the message.
        Ack = "ack" "ack",
    }
}

choices! {
    /// Whose messages make workers die at the marked step.
    CrashScope {
        /// Those of order 0 alone: something in its data.
        OneOrder = "one_order" "one order",
        /// Everybody's.
        AllOrders = "all_orders" "all orders",
    }
}

choices! {
    /// What a worker does at the marked step.
    CrashKind {
        /// It exits, and another takes its place after the restart.
        Exit = "exit" "exits",
        /// It hangs for ever; its heartbeat goes on.
        Hang = "hang" "hangs",
    }
}

choices! {
    /// What keeps a handler from mailing twice.
    Dedupe {
        /// Nothing: send, ack.
        None = "none" "nothing",
        /// Looks for a marker, sends, sets the marker, acks.
        CheckThenMark = "check_then_mark" "check, then mark",
        /// Sets the marker if it is absent, in one act, then sends, acks.
        MarkFirst = "mark_first" "mark first",
        /// Claims the order for a while, sends, turns the claim into a marker, acks.
        ClaimLease = "claim_lease" "claim",
        /// Sends with a key, which the mail service takes once; acks.
        UniqueKey = "unique_key" "unique key",
    }
}

choices! {
    /// Where in the handler the log is written.
    LogPosition {
        /// Right after the send.
        AfterSend = "after_send" "after the send",
        /// As the last line.
        Last = "last" "last",
    }
}

choices! {
    /// What markers and keys are made of.
    KeyKind {
        /// The order.
        OrderId = "order_id" "order",
        /// The message, which a redrive replaces by another.
        MessageId = "message_id" "message",
        /// The order and which of its mails this is.
        OrderIdVersion = "order_id_version" "order and version",
    }
}

choices! {
    /// What the queue does with an ack whose lease has lapsed.
    LateAck {
        /// It reports success. The newest receipt still deletes; an older one, whose message has been received again,
        /// never does. In Amazon SQS, standard queues, an older one need not delete, but may.
        Ignored = "ignored" "ignored if received again",
        /// Any receipt deletes the message, whether somebody has it or it is back in line. Celery on Redis, where a
        /// message keeps its receipt, deletes only what somebody has.
        Deletes = "deletes" "deletes all the same",
        /// It fails, even where nobody has received the message again, and the worker learns of it (Amazon SQS, FIFO
        /// queues).
        Refused = "refused" "refused",
    }
}

choices! {
    /// How the mail service, which calls a provider to send a mail, keeps a unique key: the order of its two acts.
    MailService {
        /// Both in one act: nothing can come in between.
        Atomic = "atomic" "in one act",
        /// Writes the key, then calls the provider.
        KeyFirst = "key_first" "the key first, then the mail",
        /// Calls the provider, then writes the key.
        MailFirst = "mail_first" "the mail first, then the key",
        /// Calls the provider with the key, then answers; the provider refuses a key that it knows.
        KeyPassedOn = "key_passed_on" "the provider keeps the key",
    }
}

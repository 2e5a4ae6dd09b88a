//! The loop, whatever the runtime API and the handler do.

mod world;

use bootstrap::{Errno, HandlerError, Level, EXIT_FAILED, EXIT_FINE, EXIT_MISCONFIGURED};
use world::{echo, event, status, Act, World};

#[test]
fn events_are_answered_over_one_connection() {
    let world = World::of(vec![vec![event("a-1", b"{\"x\":1}"), status(202), event("a-2", b""), status(202)]]);
    assert_eq!(world.run(&mut echo), EXIT_FINE);
    let sent = world.sent_text();
    assert_eq!(world.sent.borrow().len(), 1);
    assert_eq!(sent.matches("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n").count(), 3);
    assert!(sent.contains("POST /2018-06-01/runtime/invocation/a-1/response HTTP/1.1\r\n"));
    assert!(sent.contains("Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"x\":1}GET "));
    assert!(sent.contains("/a-2/response") && sent.contains("Content-Length: 0\r\n\r\nGET "));
    assert_eq!(sent.matches("Host: 127.0.0.1:9001\r\n").count(), 5);
    assert_eq!(world.log_text(), "");
}

#[test]
fn replies_may_be_cut_anywhere_and_requests_taken_in_any_pieces() {
    for cut in 1..90 {
        let world = World {
            cut,
            taken: cut,
            ..World::of(vec![vec![event("b-1", &[b'z'; 700]), status(202), event("b-2", b"{}"), status(202)]])
        };
        assert_eq!(world.run(&mut echo), EXIT_FINE, "cut after {cut} bytes");
        let sent = world.sent_text();
        assert!(sent.contains(&format!("Content-Length: 700\r\n\r\n{}GET ", "z".repeat(700))), "cut after {cut} bytes");
        assert!(sent.contains("Content-Length: 2\r\n\r\n{}GET "), "cut after {cut} bytes");
    }
}

#[test]
fn interrupted_calls_are_made_again() {
    let first = vec![Act::Interrupt, event("c-1", b"1"), Act::Interrupt, Act::Interrupt, status(202)];
    let world = World::of(vec![first]);
    *world.write_faults.borrow_mut() = vec![Errno(4), Errno(4)].into();
    assert_eq!(world.run(&mut echo), EXIT_FINE);
    assert!(world.sent_text().contains("/c-1/response"));
}

#[test]
fn whoever_waits_ends_when_asked_to() {
    let world = World::of(vec![vec![Act::Terminate, event("never", b"1")]]);
    assert_eq!(world.run(&mut echo), EXIT_FINE);
    assert!(!world.sent_text().contains("POST"));
}

#[test]
fn what_is_asked_to_end_while_it_answers_ends_after_the_answer() {
    let world = World::of(vec![vec![event("d-1", b"1"), Act::Terminate, status(202), event("never", b"2")]]);
    assert_eq!(world.run(&mut echo), EXIT_FINE);
    assert!(world.sent_text().contains("/d-1/response") && !world.sent_text().contains("never"));
}

#[test]
fn a_connection_that_was_closed_between_requests_is_opened_anew() {
    // Closed after the answer: asking again for an event does no harm.
    let world =
        World::of(vec![vec![event("e-1", b"1"), status(202), Act::Close], vec![event("e-2", b"2"), status(202)]]);
    assert_eq!(world.run(&mut echo), EXIT_FINE);
    assert_eq!(world.sent.borrow().len(), 2);
    assert!(world.sent_text().contains("/e-2/response"));
    assert_eq!(world.log_text(), "");
    // Closed while the handler ran: the answer goes over a new connection.
    let world = World::of(vec![vec![event("e-3", b"3"), Act::Close], vec![status(202)]]);
    assert_eq!(world.run(&mut echo), EXIT_FINE);
    assert!(String::from_utf8_lossy(&world.sent.borrow()[1]).starts_with("POST "));
    // A stream cannot be repeated, so its connection is looked at.
    let world = World::of(vec![vec![event("e-4", b"3")], vec![status(202)]]);
    let code = world.run(&mut |_, _, out| {
        world.stale.set(true);
        assert!(out.stream("text/plain"));
        Ok(())
    });
    assert_eq!(code, EXIT_FINE);
    assert!(String::from_utf8_lossy(&world.sent.borrow()[1]).starts_with("POST "));
}

#[test]
fn an_answer_whose_connection_was_lost_is_given_once_more_and_not_oftener() {
    let lost = vec![event("f-1", b"1"), Act::Reset];
    let world = World::of(vec![lost.clone(), vec![status(400), event("f-2", b"2"), status(202)]]);
    assert_eq!(world.run(&mut echo), EXIT_FINE);
    assert_eq!(world.sent_text().matches("/f-1/response").count(), 2);
    assert!(world.sent_text().contains("/f-2/response"));
    let world = World::of(vec![lost, vec![Act::Reset], vec![event("f-2", b"2"), status(202)]]);
    assert_eq!(world.run(&mut echo), EXIT_FINE);
    assert_eq!(world.sent_text().matches("/f-1/response").count(), 2);
    assert!(world.sent_text().contains("/f-2/response"));
    assert!(world.log_text().contains("gives no reply: the connection was lost"));
}

#[test]
fn a_closing_server_is_served_with_new_connections() {
    let closing = |id: &str, body: &str| {
        let text = format!(
            "HTTP/1.1 200 OK\r\nconnection: close\r\nLAMBDA-RUNTIME-AWS-REQUEST-ID: \t {id} \r\n\
content-length:{}\r\n\r\n{body}",
            body.len()
        );
        vec![Act::Give(text.into_bytes())]
    };
    let world = World::of(vec![
        closing("g-1", "1"),
        vec![Act::Give(b"HTTP/1.0 202 Accepted\r\n\r\n".to_vec()), Act::Close],
        closing("g-2", "22"),
        vec![status(202)],
    ]);
    assert_eq!(world.run(&mut echo), EXIT_FINE);
    assert!(world.sent_text().contains("/g-1/response") && world.sent_text().contains("/g-2/response"));
}

#[test]
fn an_error_of_the_handler_is_given_and_logged() {
    let world = World::of(vec![vec![event("h-1", b"1"), status(202), event("h-2", b"2"), status(202)]]);
    let code = world.run(&mut |ctx, event, out| {
        if ctx.request_id == "h-1" {
            out.write(b"half of a reply");
            return Err(HandlerError::new("ValueError", "no \"good\"\n\u{1}\u{7f}é\u{1f600}"));
        }
        echo(ctx, event, out)
    });
    assert_eq!(code, EXIT_FINE);
    let sent = world.sent_text();
    assert!(!sent.contains("half of a reply"));
    assert!(sent.contains("POST /2018-06-01/runtime/invocation/h-1/error HTTP/1.1\r\n"));
    assert!(sent.contains("Lambda-Runtime-Function-Error-Type: ValueError\r\n"));
    assert!(sent.contains(
        "{\"errorMessage\":\"no \\\"good\\\"\\n\\u0001\u{7f}é\u{1f600}\",\"errorType\":\"ValueError\",\
\"requestId\":\"h-1\",\"stackTrace\":[]}"
    ));
    assert!(sent.contains(
        "Lambda-Runtime-Function-XRay-Error-Cause: {\"working_directory\":\"\",\"exceptions\":[{\"message\":\
\"no \\\"good\\\"\\n\\u0001\\u007f\\u00e9\\ud83d\\ude00\",\"type\":\"ValueError\",\"stack\":[]}],\"paths\":[]}\r\n"
    ));
    assert!(sent.contains("/h-2/response"));
    assert_eq!(
        world.log_text(),
        "[ERROR]\t2026-08-22T10:20:30.456Z\th-1\tValueError: no \"good\"\n\u{1}\u{7f}é\u{1f600}\n"
    );
}

#[test]
fn a_class_of_an_error_cannot_break_out_of_its_field() {
    let world = World::of(vec![vec![event("i-1", b"1"), status(202)]]);
    world.run(&mut |_, _, _| Err(HandlerError::new("Bad\r\nX-Evil: 1 é", "m")));
    assert!(world.sent_text().contains("Error-Type: Bad\r\n"));
}

#[test]
fn what_the_runtime_api_says_of_an_answer_counts() {
    for (number, code, goes_on) in [(400, EXIT_FINE, true), (403, EXIT_FINE, true), (500, EXIT_FAILED, false)] {
        let world = World::of(vec![vec![event("j-1", b"1"), status(number), event("j-2", b"2"), status(202)]]);
        assert_eq!(world.run(&mut echo), code, "{number}");
        assert_eq!(world.sent_text().contains("/j-2/response"), goes_on, "{number}");
        assert!(world.log_text().contains(&format!("refuses with status {number}")), "{number}");
    }
}

#[test]
fn a_reply_that_is_too_large_becomes_an_error() {
    let world = World::of(vec![vec![event("k-1", b"1"), status(413), status(202), event("k-2", b"2"), status(202)]]);
    assert_eq!(world.run(&mut echo), EXIT_FINE);
    let sent = world.sent_text();
    assert!(sent.contains("/k-1/error") && sent.contains("Error-Type: Function.ResponseSizeTooLarge\r\n"));
    assert!(sent.contains("/k-2/response"));
}

#[test]
fn a_runtime_api_that_is_gone_is_not_asked_for_ever() {
    let world = World::of(vec![]);
    assert_eq!(world.run(&mut echo), EXIT_FAILED);
    let pauses = world.pauses.borrow();
    assert!(pauses.len() < 12 && pauses.windows(2).all(|pair| pair[1] >= 2 * pair[0]) && pauses[0] >= 5);
    assert!(pauses.iter().sum::<u32>() < 10_000);
    assert!(world.log_text().contains("cannot be reached"));
}

#[test]
fn replies_that_are_none_are_not_taken_for_events() {
    let replies: [&[u8]; 9] = [
        b"SMTP ready\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\n",
    ];
    for reply in replies {
        let world = World::of(vec![vec![Act::Give(reply.to_vec())], vec![event("l-1", b"1"), status(202)]]);
        assert_eq!(world.run(&mut echo), EXIT_FINE, "{}", reply.escape_ascii());
        assert_eq!(world.sent_text().matches("POST").count(), 1, "{}", reply.escape_ascii());
        assert_eq!(world.pauses.borrow().len(), 1, "{}", reply.escape_ascii());
    }
}

#[test]
fn an_event_without_a_valid_id_is_not_answered() {
    for id in ["", "a b", "a\tb", "a/../b", "é"] {
        let world = World::of(vec![vec![event(id, b"1"), event("m-1", b"2"), status(202)]]);
        assert_eq!(world.run(&mut echo), EXIT_FINE, "{id}");
        assert_eq!(world.sent_text().matches("POST").count(), 1, "{id}");
        assert!(world.log_text().contains("no valid id"), "{id}");
    }
}

#[test]
fn a_wrong_address_is_named() {
    for address in
        ["", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "[::1]:9001", "api:9001", "1.2.3:4"]
    {
        let world = World::of(vec![vec![event("n-1", b"1")]]);
        let code = world.run_in(&[&format!("AWS_LAMBDA_RUNTIME_API={address}")], &mut echo);
        assert_eq!(code, EXIT_MISCONFIGURED, "{address}");
        assert!(world.log_text().contains("AWS_LAMBDA_RUNTIME_API has to be"), "{address}");
        assert!(world.sent.borrow().is_empty(), "{address}");
    }
    let world = World::of(vec![]);
    assert_eq!(world.run_in(&["HOME=/"], &mut echo), EXIT_MISCONFIGURED);
}

#[test]
fn nothing_of_an_invocation_is_left_in_the_next() {
    let full = b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: o-1\r\nLambda-Runtime-Trace-Id: Root=1\r\n\
Lambda-Runtime-Client-Context: {\"custom\":{}}\r\nLambda-Runtime-Cognito-Identity: {bad\r\n\
Lambda-Runtime-Aws-Tenant-Id: t\r\nLambda-Runtime-Deadline-Ms: 12\r\nContent-Length: 1\r\n\r\n1";
    let bare = b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: o-2\r\nContent-Length: 1\r\n\r\n2";
    let world = World::of(vec![vec![Act::Give(full.to_vec()), status(202), Act::Give(bare.to_vec()), status(202)]]);
    let mut seen = Vec::new();
    world.run(&mut |ctx, _, _| {
        let all = [ctx.trace_id, ctx.client_context, ctx.cognito_identity, ctx.tenant_id, ctx.function_name];
        seen.push((all.join("|"), ctx.deadline_ms));
        Ok(())
    });
    assert_eq!(seen, [("Root=1|{\"custom\":{}}|{bad|t|f".to_string(), 12), ("||||f".to_string(), 0)]);
}

#[test]
fn long_fields_and_long_events_are_taken() {
    let context = "c".repeat(1 << 20);
    let head = format!(
        "HTTP/1.1 200 OK\r\nLambda-Runtime-Client-Context: {context}\r\nLambda-Runtime-Aws-Request-Id: p-1\r\n\
Content-Length: 7000000\r\n\r\n"
    );
    let reply = [head.into_bytes(), vec![b'e'; 7_000_000]].concat();
    let world = World { cut: 65_536, ..World::of(vec![vec![Act::Give(reply), status(202)]]) };
    let code = world.run(&mut |ctx, event, out| {
        assert_eq!((ctx.client_context.len(), event.len()), (1 << 20, 7_000_000));
        echo(ctx, event, out)
    });
    assert_eq!(code, EXIT_FINE);
    assert!(world.sent_text().contains("Content-Length: 7000000\r\n"));
    let endless = [b"HTTP/1.1 200 OK\r\nX: ".to_vec(), vec![b'x'; 5 << 20]].concat();
    let world = World::of(vec![vec![Act::Give(endless)], vec![event("p-2", b"1"), status(202)]]);
    assert_eq!(world.run(&mut echo), EXIT_FINE);
    assert!(world.log_text().contains("too long"));
}

#[test]
fn records_have_the_form_that_is_asked_for() {
    let variables = ["AWS_LAMBDA_RUNTIME_API=127.0.0.1:1", "AWS_LAMBDA_LOG_FORMAT=JSON", "AWS_LAMBDA_LOG_LEVEL=WARN"];
    let world = World::of(vec![vec![event("q-1", b"1"), status(202)]]);
    world.run_in(&variables, &mut |ctx, _, _| {
        for level in [Level::Trace, Level::Debug, Level::Info, Level::Warn, Level::Error, Level::Fatal] {
            ctx.log(level, "two\n\"lines\"");
        }
        Err(HandlerError::new("E", "m"))
    });
    let expected = |level: &str, rest: &str| {
        format!("{{\"timestamp\":\"2026-08-22T10:20:30Z\",\"level\":\"{level}\",{rest},\"requestId\":\"q-1\"}}\n")
    };
    let said = "\"message\":\"two\\n\\\"lines\\\"\"";
    let error = "\"message\":\"m\",\"errorType\":\"E\",\"errorMessage\":\"m\"";
    let expected: String =
        [expected("WARN", said), expected("ERROR", said), expected("FATAL", said), expected("ERROR", error)].concat();
    assert_eq!(world.log_text(), expected);
}

#[test]
fn records_keep_their_ends_in_frames() {
    let variables = ["AWS_LAMBDA_RUNTIME_API=127.0.0.1:1", "_LAMBDA_TELEMETRY_LOG_FD=62"];
    let world = World::of(vec![vec![event("r-1", b"1"), status(202)]]);
    let long = "x".repeat(256 << 10);
    world.run_in(&variables, &mut |ctx, _, _| {
        ctx.log(Level::Warn, "one\ntwo");
        ctx.log(Level::Trace, &long);
        Ok(())
    });
    let logged = world.logged.borrow();
    assert!(logged.iter().all(|(descriptor, _)| *descriptor == 62));
    let frame = &logged[0].1;
    assert_eq!(frame[..4], 0xa55a_0013u32.to_be_bytes());
    assert_eq!(frame[4..8], (frame.len() as u32 - 16).to_be_bytes());
    assert_eq!(frame[8..16], 1_787_394_030_456_789u64.to_be_bytes());
    assert!(frame.ends_with(b"one\ntwo"));
    assert_eq!(logged[1].1[..4], 0xa55a_0007u32.to_be_bytes());
    assert!(logged[1].1.len() > 256 << 10);
}

#[test]
fn replies_are_streamed_piece_by_piece() {
    let world = World::of(vec![vec![event("s-1", b"1"), status(202), event("s-2", b"2"), status(202)]]);
    let code = world.run(&mut |ctx, event, out| {
        if ctx.request_id == "s-2" {
            return echo(ctx, event, out);
        }
        assert!(out.stream_http(b"{\"statusCode\":200}"));
        out.write(b"first");
        assert!(out.flush());
        out.write(&[b'l'; 1000]);
        out.write(b"last");
        Ok(())
    });
    assert_eq!(code, EXIT_FINE);
    let sent = world.sent_text();
    assert!(sent.contains(
        "Content-Type: application/vnd.awslambda.http-integration-response\r\n\
Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\
Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n"
    ));
    assert!(sent.contains("\r\n\r\n1f\r\n{\"statusCode\":200}\0\0\0\0\0\0\0\0first\r\n3e8\r\nlll"));
    assert!(sent.contains("lll\r\n4\r\nlast\r\n0\r\n\r\nGET "));
    assert!(sent.contains("/s-2/response") && sent.contains("\r\n\r\n2GET "));
}

#[test]
fn an_error_in_the_middle_of_a_stream_ends_it_with_trailers() {
    let world = World::of(vec![vec![event("t-1", b"1"), status(202)]]);
    let code = world.run(&mut |_, _, out| {
        out.write(b"before");
        assert!(out.stream("text/plain\r\nX-Evil: 1"));
        out.write(b"!");
        Err(HandlerError::new("Function.Broken", "half way"))
    });
    assert_eq!(code, EXIT_FINE);
    let sent = world.sent_text();
    assert!(sent.contains("Content-Type: text/plain\r\nLambda"));
    // {"errorMessage":"half way","errorType":"Function.Broken","requestId":"t-1","stackTrace":[]}
    let body = "eyJlcnJvck1lc3NhZ2UiOiJoYWxmIHdheSIsImVycm9yVHlwZSI6IkZ1bmN0aW9uLkJyb2tlbiIsInJlcXVlc3RJZCI6InQtMSIs\
InN0YWNrVHJhY2UiOltdfQ==";
    assert!(sent.contains(&format!(
        "7\r\nbefore!\r\n0\r\nLambda-Runtime-Function-Error-Type: Function.Broken\r\n\
Lambda-Runtime-Function-Error-Body: {body}\r\n\r\nGET "
    )));
    assert!(!sent.contains("/t-1/error"));
}

#[test]
fn a_listener_that_is_gone_does_not_stop_the_loop() {
    let world = World::of(vec![vec![event("u-1", b"1"), Act::Reset], vec![event("u-2", b"2"), status(202)]]);
    let code = world.run(&mut |ctx, event, out| {
        if ctx.request_id == "u-1" {
            assert!(out.stream("text/plain"));
            *world.write_faults.borrow_mut() = vec![Errno(32)].into();
            out.write(&[b'x'; 5000]);
            assert!(!out.flush() && !out.is_open());
            out.write(&[b'y'; 5000]);
            return Ok(());
        }
        echo(ctx, event, out)
    });
    assert_eq!(code, EXIT_FINE);
    assert!(!world.sent_text().contains("yyy") && world.sent_text().contains("/u-2/response"));
}

#[test]
fn what_is_not_asked_again_is_not_a_loop_of_refusals() {
    let refusals: Vec<Act> = (0..50).map(|_| status(403)).collect();
    let world = World::of(vec![refusals]);
    assert_eq!(world.run(&mut echo), EXIT_FAILED);
    assert!(world.pauses.borrow().len() < 12);
    let world = World::of(vec![vec![status(500)]]);
    assert_eq!(world.run(&mut echo), EXIT_FAILED);
    assert!(world.pauses.borrow().is_empty());
}

"""Send the counts to somebody; this talks to the network, which is not translated."""

import smtplib


def send(text: str) -> None:
    """Send a text."""
    with smtplib.SMTP("localhost") as server:
        server.sendmail("counts@example.com", ["reader@example.com"], text)


if __name__ == "__main__":
    send("counts")

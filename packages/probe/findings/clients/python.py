# A client of Python that asks for one thing and prints the answer: python.py WHICH PORT.
import sys

which, port = sys.argv[1], int(sys.argv[2])
HOST = '127.0.0.1'


def urllib():
    from urllib.request import urlopen

    with urlopen(f'http://{HOST}:{port}/') as answer:
        print(answer.status, answer.headers.get('Content-Type'), answer.read())


def imaplib():
    from imaplib import IMAP4

    with IMAP4(HOST, port) as client:
        print(client.noop(), client.capabilities)


def poplib():
    from poplib import POP3

    client = POP3(HOST, port)
    print(client.capa(), client.user('findings'), client.quit())


def ftplib():
    from ftplib import FTP

    with FTP() as client:
        client.connect(HOST, port)
        print(client.sendcmd('FEAT'))


def smtplib():
    from smtplib import SMTP

    with SMTP(HOST, port, local_hostname='client.example') as client:
        print(client.ehlo(), client.mail('a@example.com'), client.rset())


globals()[which]()

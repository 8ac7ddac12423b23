#!/usr/bin/env escript
main(_) -> io:put_chars([erlang:system_info(otp_release), "\n"]).

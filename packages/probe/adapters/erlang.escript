#!/usr/bin/env escript
%% The torture suite, spoken in Erlang: put your decoder in the place of this one. Run it with `escript erlang.escript`.
%% A decoder is {Limit, Waiting}; feed/3 gives each payload to a function.
-mode(compile).

new(Limit) -> {Limit, <<>>}.

feed({Limit, Waiting}, Chunk, Give) -> take({Limit, <<Waiting/binary, Chunk/binary>>}, Give).

take({Limit, <<Length:32, _/binary>>}, _) when Length > Limit -> error({too_large, Length});
take({Limit, <<Length:32, Payload:Length/binary, Rest/binary>>}, Give) -> Give(Payload), take({Limit, Rest}, Give);
take(Decoder, _) -> Decoder.

finish({_, <<>>} = Decoder) -> Decoder;
finish({_, Waiting}) -> error({left, byte_size(Waiting)}).

%% adapter
main(_) -> io:setopts([binary, {encoding, latin1}]), loop(new(0)).

loop(Decoder) ->
    case io:get_line("") of eof -> ok; Line ->
        Next = try answer(string:split(string:trim(Line), " "), Decoder)
               catch _:Reason -> io:format("error ~0p~n", [Reason]), Decoder end,
        io:put_chars("ok\n"), loop(Next) end.

answer([<<"new">>, Limit], _) -> new(binary_to_integer(Limit));
answer([<<"chunk">>, Hex], Decoder) -> feed(Decoder, unhex(Hex), fun(Payload) -> io:put_chars(["payload ", hex(Payload), "\n"]) end);
answer([<<"end">>], Decoder) -> finish(Decoder).

unhex(Hex) -> binary:decode_hex(Hex).
hex(Bytes) -> binary:encode_hex(Bytes).

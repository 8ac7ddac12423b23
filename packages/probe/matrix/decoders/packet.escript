#!/usr/bin/env escript
%% Erlang: erlang:decode_packet/3, which gen_tcp uses for {packet, N}. `escript packet.escript 1|2|4|line`.
-mode(compile).

main([Which]) ->
    io:setopts([binary, {encoding, latin1}]),
    Type = case Which of "line" -> line; _ -> list_to_integer(Which) end,
    loop(Type, {0, <<>>}).

loop(Type, Decoder) ->
    case io:get_line("") of eof -> ok; Line ->
        Next = try answer(Type, string:split(string:trim(Line), " "), Decoder)
               catch _:Reason -> io:format("error ~0p~n", [Reason]), Decoder end,
        io:put_chars("ok\n"), loop(Type, Next) end.

answer(_, [<<"new">>, Limit], _) -> {binary_to_integer(Limit), <<>>};
answer(Type, [<<"chunk">>, Hex], {Limit, Waiting}) -> {Limit, take(Type, Limit, <<Waiting/binary, (binary:decode_hex(Hex))/binary>>)};
answer(_, [<<"end">>], {_, <<>>} = Decoder) -> Decoder;
%% gen_tcp gives {error, closed} then, as it does between packets: the program cannot tell.
answer(_, [<<"end">>], Decoder) -> Decoder.

take(Type, Limit, Bytes) ->
    %% The end of a line counts.
    Size = case Type of line -> Limit + 1; _ -> Limit end,
    case erlang:decode_packet(Type, Bytes, [{packet_size, Size}]) of
        {ok, Packet, Rest} -> io:put_chars(["payload ", binary:encode_hex(stripped(Type, Packet)), "\n"]), take(Type, Limit, Rest);
        {more, _} -> Bytes;
        {error, Reason} -> error(Reason)
    end.

stripped(line, Line) -> string:trim(Line, trailing, "\n");
stripped(_, Packet) -> Packet.

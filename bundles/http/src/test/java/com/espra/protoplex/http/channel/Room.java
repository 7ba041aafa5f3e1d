package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelReceiver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A version of a chat room: whatever one says, all hear, after the version's name and the number of what was said on this channel. */
class Room implements ChannelReceiver {

    final String name;
    final ConcurrentHashMap<Channel, Integer> members = new ConcurrentHashMap<>();
    final Queue<String> calls = new ConcurrentLinkedQueue<>();
    final Set<Channel> busy = ConcurrentHashMap.newKeySet();

    Room(String name) {
        this.name = name;
    }

    @Override
    public void opened(Channel channel) {
        members.put(channel, 0);
    }

    @Override
    public void message(Channel channel, String text) {
        if (!busy.add(channel)) {
            calls.add("two messages of one channel at once");
        }
        int number = members.merge(channel, 1, Integer::sum);
        members.keySet().forEach(member -> member.send(name + " " + number + " " + text));
        busy.remove(channel);
    }

    @Override
    public void message(Channel channel, ByteBuffer bytes) {
        channel.send(bytes);
    }

    @Override
    public byte[] leave(Channel channel) {
        return String.valueOf(members.remove(channel)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void adopted(Channel channel, byte[] state) {
        calls.add("adopted " + new String(state, StandardCharsets.UTF_8));
        members.put(channel, Integer.parseInt(new String(state, StandardCharsets.UTF_8)));
    }

    @Override
    public void closed(Channel channel, int code, String reason) {
        members.remove(channel);
        calls.add("closed " + code + " " + reason);
    }
}

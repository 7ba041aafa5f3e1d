package com.example.echo.room;

import com.espra.protoplex.api.channel.Channel;
import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.http.HandlerProperties;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;

/**
 * A room in which everybody hears what anybody says, over WebSockets or server-sent events. The connections are the node's: the next version
 * adopts them, and what this one knew of each.
 */
@Component(service = ChannelReceiver.class, property = HandlerProperties.PATH + "=/echo/room")
public final class Room implements ChannelReceiver {

    /** How much each has said. */
    private final Map<Channel, Integer> members = new ConcurrentHashMap<>();

    @Override
    public void opened(Channel channel) {
        members.put(channel, 0);
    }

    @Override
    public void message(Channel channel, String text) {
        int said = members.merge(channel, 1, Integer::sum);
        members.keySet().forEach(member -> member.send(text + " " + said));
    }

    @Override
    public byte[] leave(Channel channel) {
        Integer said = members.remove(channel);
        return ByteBuffer.allocate(Integer.BYTES)
                .putInt(0, said == null ? 0 : said)
                .array();
    }

    @Override
    public void adopted(Channel channel, byte[] state) {
        members.put(channel, ByteBuffer.wrap(state).getInt());
    }

    @Override
    public void closed(Channel channel, int code, String reason) {
        members.remove(channel);
    }
}

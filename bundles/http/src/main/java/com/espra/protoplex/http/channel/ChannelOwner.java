package com.espra.protoplex.http.channel;

import com.espra.protoplex.api.channel.ChannelReceiver;
import com.espra.protoplex.api.channel.ChannelRequest;
import org.jspecify.annotations.Nullable;

/** A generation that can have channels. */
public interface ChannelOwner {

    /** Its name, which says whose state a channel has and keeps nothing of it alive. */
    String generation();

    /** Who has the channels that such a request opens. */
    @Nullable
    ChannelReceiver receiver(ChannelRequest request);

    /** A channel is in flight in it. The caller then looks whether it still is the one, and {@link #exit}s again if not. */
    void enter();

    /** The channel has left, or is closed: no code of the generation runs for it any more. */
    void exit();
}

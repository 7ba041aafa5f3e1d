package com.espra.protoplex.live.core;

import java.util.function.Consumer;

/** A subscription of a hub. Threads: safe from any; also within a call of its {@link Subscriber}. */
public interface Subscription extends AutoCloseable {

    /** What has been looked at: the place to go on from, whether the last updates matched or not. */
    Position position();

    /** Does something with {@link #position} while nothing is delivered: what it says comes in the order of the updates. It returns at once. */
    void withPosition(Consumer<Position> use);

    /** Who it is of. */
    Member member();

    /** Another filter from now on: for what comes after {@link #position}. */
    void change(UpdateFilter filter, Member member);

    /** Nothing more comes, but for a call that is under way. Twice is as once. */
    @Override
    void close();
}

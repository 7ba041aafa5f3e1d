package com.espra.protoplex.http.channel;

import java.util.concurrent.Executor;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * What all channels of a group of listeners share.
 *
 * @param threads where receivers run that have channels to leave or to adopt
 * @param writes writes what was queued
 */
public record ChannelServices(
        Executor threads, Scheduler scheduler, QueueMemory memory, PingWheel pings, WriteTurns writes) {}

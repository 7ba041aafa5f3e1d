package com.espra.protoplex.meta;

import com.espra.protoplex.api.node.Node;
import com.espra.protoplex.api.swap.SwapEngine;
import com.espra.protoplex.api.swap.SwapEngine.UnitStatus;
import com.espra.protoplex.json.Json;
import com.espra.protoplex.meta.MetaPort.Answer;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpStatus;

/** The node and all that it runs, as JSON. */
final class NodeReport {

    private final Node node;
    private final SwapEngine engine;
    private final OtherProcesses processes;

    private record Report(
            String name,
            String region,
            Set<String> roles,
            long pid,
            String java,
            long upSeconds,
            List<UnitStatus> units,
            Map<String, Object> processes) {}

    NodeReport(Node node, SwapEngine engine, OtherProcesses processes) {
        this.node = node;
        this.engine = engine;
        this.processes = processes;
    }

    Answer answer() {
        long up = ManagementFactory.getRuntimeMXBean().getUptime() / 1000;
        Report report = new Report(
                node.name(),
                node.region(),
                node.roles(),
                ProcessHandle.current().pid(),
                Runtime.version().toString(),
                up,
                engine.units(),
                processes.askHost("children"));
        try {
            return new Answer(
                    HttpStatus.OK_200,
                    "application/json",
                    Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the report cannot be written as JSON", e);
        }
    }
}

package org.rowmill.mounter.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code probe.sh} on this computer. */
@Timeout(60)
class ProbeScriptTest {

    @TempDir
    private Path home;

    private NodeProbe probe(List<String> prefix, Map<String, String> variables) throws IOException {
        return probe(prefix, variables, NodeScripts.probe());
    }

    private NodeProbe probe(List<String> prefix, Map<String, String> variables, String script) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("sh", "-s", "rowmill"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("HOME", home.toString());
        builder.environment().putAll(variables);
        Process shell = builder.start();
        try (OutputStream in = shell.getOutputStream()) {
            in.write(("wanted=\nnonce=n\nscratch='" + home + "'\n" + script).getBytes(StandardCharsets.UTF_8));
        }
        return ProbeOutput.parse(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void variablesOfProgramsDoNotChangeTheNumberOfCpus() throws IOException {
        int cpus = probe(List.of(), Map.of()).capacity().cpus();

        for (String number : List.of("1", "64", "x", "")) {
            Map<String, String> variables = Map.of(
                    "OMP_NUM_THREADS", number, "OMP_THREAD_LIMIT", number, "GOMAXPROCS", number, "MAKEFLAGS", "-j9");
            assertThat(probe(List.of(), variables).capacity().cpus()).as(number).isEqualTo(cpus);
        }
    }

    @Test
    void cpusThatTheKernelKeepsFromTheProcessDoNotCount() throws IOException {
        String allowed =
                Files.readString(Path.of("/proc/self/status")).replaceAll("(?s).*Cpus_allowed_list:\\s*(\\d+).*", "$1");

        NodeProbe probe = probe(List.of("taskset", "-c", allowed), Map.of());

        assertThat(probe.capacity().cpus()).isOne();
    }

    @Test
    void withoutTheCommandTheKernelsListIsRead() throws IOException {
        int cpus = probe(List.of(), Map.of()).capacity().cpus();
        String script = NodeScripts.probe().replace("nproc 2>/dev/null", "no-such-command 2>/dev/null");
        assertThat(script).isNotEqualTo(NodeScripts.probe());

        assertThat(probe(List.of(), Map.of(), script).capacity().cpus()).isEqualTo(cpus);
    }

    @Test
    void theProbeSaysWhichMachineItIs() throws IOException {
        assertThat(probe(List.of(), Map.of()).machine()).isEqualTo(Machine.ofThisComputer());
    }

    @Test
    void anInstalledJavaThatIsTooOldIsNotUsed() throws IOException {
        Path java = home.resolve("jdk/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, "#!/bin/sh\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("jdk/release"), "JAVA_VERSION=\"996.0.1\"\n");
        Map<String, String> variables = Map.of("JAVA_HOME", home.resolve("jdk").toString());

        NodeProbe.Java same = probe(List.of(), variables, "oldest_java=996\n" + NodeScripts.probe())
                .java();
        NodeProbe.Java newer = probe(List.of(), variables, "oldest_java=997\n" + NodeScripts.probe())
                .java();

        assertThat(same.command()).contains(java.toRealPath().toString());
        assertThat(newer.command()).isEmpty();
        assertThat(newer.version()).hasValue(996);
    }

    @Test
    void aTildeInTheScratchDirectoryIsTheHomeOfTheNode() throws IOException {
        Files.createDirectories(home.resolve("my scratch"));

        for (String path : List.of("~/my scratch", "~", "~/missing")) {
            String script = "scratch=" + NodeLayout.quotedPath(path) + "\n" + NodeScripts.probe();
            assertThat(probe(List.of(), Map.of(), script).hasScratch()).as(path).isEqualTo(!path.endsWith("missing"));
        }
    }
}

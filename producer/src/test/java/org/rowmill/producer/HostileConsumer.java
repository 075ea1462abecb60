package org.rowmill.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A class that the owner of a node puts before Rowmill's: it sends garbage for each row, under the node's name. */
final class HostileConsumer {

    private static final Path CONSUMER = Path.of("..", "consumer", "target", "consumer.jar");
    private static final String CLASS = "org/rowmill/consumer/work/RowTask";
    private static final String SOURCE = """
            package org.rowmill.consumer.work;

            import java.util.Arrays;
            import java.util.List;
            import org.rowmill.schemas.protocol.MessageCodec;
            import org.rowmill.schemas.protocol.ResultMessage;
            import org.rowmill.schemas.model.TableModel;

            public final class RowTask {
                public record Shared(MessageCodec codec, RowsInSlots rowsInSlots, RowOutput output, RowScope.Site site,
                        ConsumerMetrics metrics, ProjectMount mount, Deadlines deadlines, RowGate gate) {}
                record EncodedResult(byte[] body, ResultMessage.Kind kind, long nanos) {}
                private final Shared shared;
                public RowTask(int slot, List<TableModel> models, Shared shared) { this.shared = shared; }
                EncodedResult answer(byte[] body, boolean isRedelivered) {
                    byte[] mine = shared.codec().beginningOfResults(shared.site().node());
                    byte[] garbage = Arrays.copyOf(mine, mine.length + 100);
                    Arrays.fill(garbage, mine.length, garbage.length, (byte) 0x9f);
                    return new EncodedResult(garbage, ResultMessage.Kind.COMPUTED, 1_000_000);
                }
            }
            """;

    private HostileConsumer() {}

    /**
     * Returns a script that installs the class on a node: a {@code java} that is found first changes the class path.
     *
     * @param java the real {@code java} of the node
     */
    static String script(Path temporary, String java) throws IOException {
        return """
                mkdir -p bin evil
                echo 'PATH=~/bin:$PATH' >.bashrc
                echo %s | base64 -d >evil/evil.jar
                cat >bin/java <<'END'
                #!/bin/sh
                last=
                for a do
                    shift
                    case $last in
                        -jar) set -- "$@" -cp ~/evil/evil.jar:"$a" org.rowmill.consumer.process.Consumer ;;
                        *) [ "$a" = -jar ] || set -- "$@" "$a" ;;
                    esac
                    last=$a
                done
                exec %s "$@"
                END
                chmod +x bin/java""".formatted(Base64.getEncoder().encodeToString(jar(temporary)), java);
    }

    private static byte[] jar(Path temporary) throws IOException {
        Path source = temporary.resolve(CLASS + ".java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, SOURCE);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "17", "-proc:none", "-cp", CONSUMER.toString(), source.toString());
        assertThat(result).isZero();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes);
                Stream<Path> classes = Files.list(source.getParent())) {
            for (Path file :
                    classes.filter(path -> path.toString().endsWith(".class")).toList()) {
                jar.putNextEntry(new JarEntry(temporary.relativize(file).toString()));
                jar.write(Files.readAllBytes(file));
            }
        }
        return bytes.toByteArray();
    }
}

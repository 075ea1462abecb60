package org.rowmill.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rowmill.schemas.protocol.ResultMessage;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

class RefusedChangesTest {

    private final RefusedChanges refused = new RefusedChanges();

    private static ResultMessage failed(String node, String message, String stack) {
        Failure failure = new Failure("value", "java.nio.file.AccessDeniedException", message, stack, true);
        return new ResultMessage(0, 1, 2, 1, node, 5, ResultMessage.Kind.COMPUTED, Map.of(), List.of(failure));
    }

    private String explained(String node, String message, String stack) {
        return refused.explained(failed(node, message, stack)).failures().get(0).message();
    }

    @Test
    void aFailureThatNamesARefusedPathSaysWhatPermitsIt() {
        refused.add("node1", "lib/tool.jar");

        assertThat(explained("node1", "/home/u/.rowmill-remote/p-1/lib/tool.jar", ""))
                .startsWith("/home/u/.rowmill-remote/p-1/lib/tool.jar. lib/tool.jar is read-only for nodes")
                .endsWith("--mount-writable lib/tool.jar");
        assertThat(explained("node1", "cp: cannot create regular file 'tool.jar': Permission denied", ""))
                .contains("--mount-writable lib/tool.jar");
        assertThat(explained("node1", "", "E: wrapped\n\tat A.b(A.java:1)\nCaused by: E: /x/lib/tool.jar"))
                .startsWith("lib/tool.jar is read-only");
    }

    @Test
    void otherFailuresStayAsTheyAre() {
        refused.add("node1", "lib/tool.jar");
        refused.add("node1", "Sums.java");

        assertThat(explained("node1", "/x/y", "at Sums.value(Sums.java:7)")).isEqualTo("/x/y");
        assertThat(explained("node2", "/x/lib/tool.jar", "")).isEqualTo("/x/lib/tool.jar");
        assertThat(explained("node1", "division by zero", "")).isEqualTo("division by zero");
    }

    @Test
    void aNodeThatTriesManyPathsFillsNoMemory() {
        for (int i = 0; i < 1000; i++) {
            assertThat(refused.add("node1", "lib/" + i + ".jar")).isTrue();
        }
        assertThat(refused.add("node1", "lib/999.jar")).isFalse();
        assertThat(explained("node1", "/x/lib/999.jar", "")).contains("--mount-writable");
        assertThat(explained("node1", "/x/lib/0.jar", "")).doesNotContain("--mount-writable");
    }
}

package org.rowmill.consumer.work;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.rowmill.schemas.protocol.ResultMessage.Failure;

/** Converts exceptions of user code into failures. Their methods are user code, too, and can throw. */
final class Failures {

    private static final int TEXT_CHARS = 16 << 10;
    private static final String USER_FRAME = "at project//";

    /** Frames of Rowmill, or of the JDK when Rowmill calls a column method. Stack traces omit them. */
    private static final List<String> OMITTED = List.of(
            "at org.rowmill.consumer.",
            "at org.rowmill.schemas.",
            "at app//org.rowmill.consumer.",
            "at app//org.rowmill.schemas.",
            "at java.base/java.lang.invoke.",
            "at java.base/java.lang.Thread.run");

    private Failures() {}

    static Failure of(String columns, Throwable thrown, boolean isRetryable) {
        return new Failure(columns, thrown.getClass().getName(), message(thrown), stack(thrown), isRetryable);
    }

    /** Makes an exception for a time limit. Its stack trace shows where the row was when the limit was exceeded. */
    static TimeoutException timeout(Deadline.Expired expired) {
        TimeoutException timeout = new TimeoutException(expired.message());
        timeout.setStackTrace(expired.stack().toArray(StackTraceElement[]::new));
        return timeout;
    }

    private static String message(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            return message == null ? "" : truncate(message);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable e) {
            return "(its getMessage() threw " + e.getClass().getName() + ")";
        }
    }

    private static String stack(Throwable thrown) {
        try {
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            return truncate(text.toString()
                    .lines()
                    .filter(line -> OMITTED.stream().noneMatch(line.stripLeading()::startsWith))
                    .map(line -> line.replace(USER_FRAME, "at "))
                    .collect(Collectors.joining("\n")));
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable e) {
            return "";
        }
    }

    private static String truncate(String text) {
        return text.length() <= TEXT_CHARS ? text : text.substring(0, TEXT_CHARS);
    }
}

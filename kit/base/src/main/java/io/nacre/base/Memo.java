package io.nacre.base;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Answers made of the database that are given again as long as nothing whatever has been committed. It keeps nothing
 * where other processes commit, too.
 *
 * @param <K> all that an answer depends on beside the database
 */
public final class Memo<K> {
    private final Transactions transactions;
    private final long budget;
    private volatile Kept<K> kept = new Kept<>(-1);

    /** What was answered after so many commits. */
    private record Kept<K>(long commits, Map<K, byte[]> answers, AtomicLong bytes) {
        Kept(long commits) {
            this(commits, new ConcurrentHashMap<>(), new AtomicLong());
        }
    }

    /** @param budget how many bytes of answers are kept at the most */
    public Memo(Transactions transactions, long budget) {
        this.transactions = transactions;
        this.budget = budget;
    }

    /** @param question reads what it needs itself, in transactions that begin when it is called */
    public byte[] answer(K key, Supplier<byte[]> question) {
        long commits = transactions.commits();
        if (commits < 0) {
            return question.get();
        }
        Kept<K> now = kept;
        if (now.commits != commits) {
            now = new Kept<>(commits);
            kept = now;
        }
        byte[] known = now.answers.get(key);
        if (known != null) {
            return known;
        }
        byte[] answer = question.get();
        if (now.bytes.addAndGet(answer.length) <= budget) {
            now.answers.put(key, answer);
        }
        return answer;
    }
}

# what: will not be interrupted
# expect: timeout
while True:
    try:
        sum(range(100_000))  # few turns: CPU time runs out before the budget of work does
    except BaseException:
        pass

# what: a file that names a coding that is none
# expect: passed
# made: "# -*- coding: rot13 -*-\n" + honest
